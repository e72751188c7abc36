import { expect, test } from 'vitest'
import { squareAround } from './patch'

/** A raster of class 0 with rectangles of class 7. */
function raster(
  size: { height: number; width: number },
  ...rectangles: [x: number, y: number, w: number, h: number][]
) {
  const classIds = new Uint8Array(size.height * size.width)
  for (const [x, y, w, h] of rectangles) {
    for (let row = y; row < y + h; row++) classIds.fill(7, row * size.width + x, row * size.width + x + w)
  }
  return classIds
}

test('the square lies around the largest patch, not between patches', () => {
  const size = { height: 400, width: 600 }
  const classIds = raster(size, [20, 20, 30, 30], [400, 200, 100, 80])
  const square = squareAround(classIds, size, 7)
  if (!square) throw new Error('none')
  const { x, y, side } = square
  expect(Math.abs(x + side / 2 - 450)).toBeLessThan(4)
  expect(Math.abs(y + side / 2 - 240)).toBeLessThan(4)
  expect(side).toBeGreaterThanOrEqual(100)
  expect(side).toBeLessThan(150)
})

test('it stays within the image, and is no larger than its shorter side', () => {
  const size = { height: 90, width: 300 }
  expect(squareAround(raster(size, [0, 0, 300, 90]), size, 7)).toEqual({ x: 105, y: 0, side: 90 })
  expect(squareAround(raster(size, [299, 89, 1, 1]), size, 7)).toEqual({ x: 236, y: 26, side: 64 })
  expect(squareAround(raster({ height: 3, width: 2 }, [0, 2, 1, 1]), { height: 3, width: 2 }, 7)).toMatchObject({
    side: 2,
  })
})

test('a line of one pixel in a large image hangs together', () => {
  const size = { height: 2000, width: 2000 }
  const square = squareAround(raster(size, [100, 100, 1, 900], [1500, 1500, 40, 40]), size, 7)
  expect(square?.side).toBeGreaterThan(900)
})

test('a class that no pixel has gets no square', () => {
  const size = { height: 4, width: 4 }
  expect(squareAround(raster(size), size, 7)).toBeNull()
})
