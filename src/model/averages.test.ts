import { expect, test } from 'vitest'
import { averageKept } from './averages'

test('the first steps of a round make a plain mean, which begins with the first', () => {
  let mean = Number.MAX_VALUE
  const values = [3, 5, 10, 2]
  values.forEach((value, i) => {
    const kept = averageKept(i + 1, 0.99)
    mean = kept * mean + (1 - kept) * value
  })
  expect(mean).toBeCloseTo(5, 12)
})

test('later ones keep the share that they were given', () => {
  expect(averageKept(99, 0.99)).toBeCloseTo(98 / 99, 12)
  expect(averageKept(100, 0.99)).toBe(0.99)
  expect(averageKept(5000, 0.99)).toBe(0.99)
  // Of a round that continues the last one's averages.
  expect(averageKept(Number.POSITIVE_INFINITY, 0.99)).toBe(0.99)
})
