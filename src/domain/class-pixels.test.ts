import { expect, it } from 'vitest'
import { classedPixels, countClassIds, storedPixels } from './class-pixels'

it('counts each class, and void last; ids beyond the classes are void', () => {
  expect(countClassIds(Uint8Array.of(0, 2, 2, 255, 255, 255, 7), 3)).toEqual([1, 0, 2, 4])
  expect(classedPixels([1, 0, 2, 4])).toBe(3)
  expect(classedPixels(countClassIds(Uint8Array.of(255, 255), 3))).toBe(0)
})

it('gives stored counts for the classes of today, which may have grown', () => {
  expect(storedPixels({ pixels: [5, 6, 9] }, 2)).toEqual([5, 6, 9])
  expect(storedPixels({ pixels: [5, 6, 9] }, 4)).toEqual([5, 6, 0, 0, 9])
  expect(storedPixels({}, 4)).toBeNull()
})
