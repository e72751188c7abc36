import { expect, test } from 'vitest'
import { pixelStatisticsReference } from './pixel-statistics.reference'

test('the softmax (1/2, 1/4, 1/4) by hand', () => {
  const result = pixelStatisticsReference(Float32Array.of(0, Math.log(2), 0), [1, 1, 1, 3], { height: 1, width: 1 })
  expect(result.prediction[0]).toBe(1)
  expect(result.confidence[0]).toBeCloseTo(0.5, 6)
  expect(result.margin[0]).toBeCloseTo(0.25, 6)
  expect(result.entropy[0]).toBeCloseTo(1.5, 6)
})

test('a tie goes to the lowest class and leaves no margin', () => {
  const result = pixelStatisticsReference(Float32Array.of(1, 3, 3), [1, 1, 1, 3], { height: 2, width: 2 })
  expect([...result.prediction]).toEqual([1, 1, 1, 1])
  expect([...result.margin]).toEqual([0, 0, 0, 0])
})
