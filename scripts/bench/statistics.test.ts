import { expect, test } from 'vitest'
import { median, pairedRatio, summarise } from './statistics'

test('the median is the middle, or the mean of the two in the middle', () => {
  expect(median([5, 1, 100])).toBe(5)
  expect(median([4, 1, 100, 2])).toBe(3)
  expect(median([])).toBeNaN()
})

test('a summary says how far the samples lie apart', () => {
  expect(summarise([3, 9, 4])).toEqual({ median: 4, least: 3, most: 9, count: 3 })
})

test('a ratio is taken pair by pair, so that a slow spell does not enter', () => {
  // The machine is ten times slower during the second pair.
  expect(pairedRatio([20, 200, 20], [10, 100, 10])).toBe(2)
  expect(pairedRatio([20, 200], [10, 100, 10])).toBe(2)
  expect(pairedRatio([], [1])).toBeNull()
})
