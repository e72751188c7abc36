import { expect, test } from 'vitest'
import { maskOrientation, orientedSize, orientRaster } from './orientation'

// The letter F-like raster of 2 x 3:   a b c     as letters of the alphabet.
//                                      d e f
const STORED = { size: { height: 2, width: 3 }, values: Uint8Array.of(1, 2, 3, 4, 5, 6) }

/** Upright rasters by hand from the meaning of TIFF tag 274 (where row 0 and column 0 of the stored raster are shown). */
const UPRIGHT: Record<number, number[][]> = {
  1: [
    [1, 2, 3],
    [4, 5, 6],
  ], // row 0 top, column 0 left
  2: [
    [3, 2, 1],
    [6, 5, 4],
  ], // top, right
  3: [
    [6, 5, 4],
    [3, 2, 1],
  ], // bottom, right
  4: [
    [4, 5, 6],
    [1, 2, 3],
  ], // bottom, left
  5: [
    [1, 4],
    [2, 5],
    [3, 6],
  ], // row 0 left, column 0 top
  6: [
    [4, 1],
    [5, 2],
    [6, 3],
  ], // right, top
  7: [
    [6, 3],
    [5, 2],
    [4, 1],
  ], // right, bottom
  8: [
    [3, 6],
    [2, 5],
    [1, 4],
  ], // left, bottom
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i', (orientation) => {
  const upright = orientRaster(STORED, orientation)
  expect([...upright.values]).toEqual(UPRIGHT[orientation].flat())
  expect(upright.size).toEqual({ height: UPRIGHT[orientation].length, width: UPRIGHT[orientation][0].length })
  expect(upright.size).toEqual(orientedSize(STORED.size, orientation))
})

test('a mask of the unrotated size is turned, one of the upright size is left, another fits neither way', () => {
  const image = { upright: { height: 4, width: 3 }, orientation: 6 }
  expect(maskOrientation({ height: 3, width: 4 }, image)).toBe(6)
  expect(maskOrientation({ height: 4, width: 3 }, image)).toBe(1)
  expect(maskOrientation({ height: 3, width: 3 }, image)).toBeNull()
})

test('where both sizes are equal a mask is taken for upright', () => {
  for (const orientation of [1, 2, 3, 4]) {
    expect(maskOrientation({ height: 4, width: 3 }, { upright: { height: 4, width: 3 }, orientation })).toBe(1)
  }
  const square = { height: 4, width: 4 }
  for (const orientation of [5, 6, 7, 8]) expect(maskOrientation(square, { upright: square, orientation })).toBe(1)
})
