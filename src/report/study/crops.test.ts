import { expect, test } from 'vitest'
import { bestWindow, cropped } from './crops'

const SIZE = { height: 8, width: 12 }

function withPixels(...places: [row: number, column: number][]): Uint8Array {
  const ids = new Uint8Array(SIZE.height * SIZE.width)
  for (const [row, column] of places) ids[row * SIZE.width + column] = 5
  return ids
}

test('the window holds the most pixels of the sought classes, in its middle where it can', () => {
  // A column of three: windows of side 4 hold all of them from row 1 to 2, and from column 5 to 8.
  const truth = withPixels([2, 8], [3, 8], [4, 8], [7, 0], [7, 1])
  expect(bestWindow(truth, SIZE, [5])).toEqual({ x: 7, y: 2, width: 4, height: 4, pixels: 3 })
})

test('a single pixel is enough, none is not, and void is no class', () => {
  expect(bestWindow(withPixels([0, 0]), SIZE, [5])).toEqual({ x: 0, y: 0, width: 4, height: 4, pixels: 1 })
  expect(bestWindow(withPixels([0, 0]), SIZE, [4])).toBeNull()
  expect(bestWindow(new Uint8Array(96).fill(255), SIZE, [5])).toBeNull()
})

test('a crop has the values of its window', () => {
  const ids = Uint8Array.from({ length: 96 }, (_, i) => i)
  expect([...cropped(ids, SIZE.width, { x: 2, y: 1, width: 2, height: 3 })]).toEqual([14, 15, 26, 27, 38, 39])
})
