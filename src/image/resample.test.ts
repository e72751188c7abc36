import { expect, test } from 'vitest'
import { randomStream } from '../math/random'
import { areaAverage, nearestResize } from './resample'

function rgba(red: number[]): Uint8Array {
  return Uint8Array.from(red.flatMap((value) => [value, 255 - value, 7, 255]))
}

function redOf(rgb: Uint8Array): number[] {
  return [...rgb].filter((_, i) => i % 3 === 0)
}

test('halving averages 2 x 2 blocks, rounding half up', () => {
  const image = rgba([10, 20, 0, 1, 30, 40, 2, 3])
  const half = areaAverage(image, { height: 2, width: 4 }, { height: 1, width: 2 })
  expect([...half]).toEqual([25, 230, 7, 2, 254, 7]) // (0 + 1 + 2 + 3) / 4 = 1.5 -> 2; 253.5 -> 254
})

test('a fractional box weighs each source pixel by its covered share', () => {
  // 3 -> 2: boxes [0, 1.5] and [1.5, 3]: (a + b/2)/1.5 and (b/2 + c)/1.5.
  const out = areaAverage(rgba([30, 60, 120]), { height: 1, width: 3 }, { height: 1, width: 2 })
  expect(redOf(out)).toEqual([40, 100])
})

test('agrees with a brute-force average over sub-samples', () => {
  const random = randomStream(3, 'resample-test')
  const from = { height: 7, width: 11 }
  const to = { height: 3, width: 4 }
  const red = Array.from({ length: 77 }, () => random.below(256))
  const fast = redOf(areaAverage(rgba(red), from, to))
  for (let row = 0; row < to.height; row++) {
    for (let column = 0; column < to.width; column++) {
      let sum = 0 // Every output pixel as 7 * 11 exact sub-samples: 7/3 and 11/4 split evenly into 7 and 11 parts.
      for (let i = 0; i < 7; i++) {
        for (let j = 0; j < 11; j++) {
          const y = Math.floor((row * 7 + i + 0.5) / to.height)
          const x = Math.floor((column * 11 + j + 0.5) / to.width)
          sum += red[y * from.width + x]
        }
      }
      expect(Math.abs(fast[row * to.width + column] - sum / 77)).toBeLessThanOrEqual(0.5 + 1e-6)
    }
  }
})

test('the same size is the same image; enlarging interpolates between centres', () => {
  const red = [0, 100, 200, 50]
  expect(redOf(areaAverage(rgba(red), { height: 2, width: 2 }, { height: 2, width: 2 }))).toEqual(red)
  const wide = areaAverage(rgba([0, 100]), { height: 1, width: 2 }, { height: 1, width: 4 })
  expect(redOf(wide)).toEqual([0, 25, 75, 100])
  expect(redOf(areaAverage(rgba([9]), { height: 1, width: 1 }, { height: 2, width: 2 }))).toEqual([9, 9, 9, 9])
})

test('nearest takes the sample under the target pixel centre', () => {
  const values = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8)
  expect([...nearestResize(values, { height: 3, width: 3 }, { height: 1, width: 1 })]).toEqual([4])
  expect([...nearestResize(values.subarray(0, 3), { height: 1, width: 3 }, { height: 1, width: 6 })]).toEqual([
    0, 0, 1, 1, 2, 2,
  ])
  expect([...nearestResize(values.subarray(0, 4), { height: 1, width: 4 }, { height: 1, width: 2 })]).toEqual([1, 3])
})
