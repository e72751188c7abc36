import { expect, test } from 'vitest'
import { heightOn, spread } from './axis'

test('names at the ends of curves do not lie over each other, and stay where they have room', () => {
  expect(spread([], 10)).toEqual([])
  expect(spread([50, 0, 100], 10)).toEqual([50, 0, 100])
  expect(spread([50, 52], 10)).toEqual([46, 56])
  expect(spread([52, 50, 50], 12)).toEqual([62.666666666666664, 38.666666666666664, 50.666666666666664])
  // A pair that was spread reaches into a third.
  const places = spread([0, 1, 8], 6)
  expect(places).toEqual([-3, 3, 9])
})

test('a share lies on the axis where the chart draws it', () => {
  const frame = { height: 200, marginTop: 20, marginBottom: 40 }
  expect(heightOn([10, 50], frame, 0.1)).toBe(160)
  expect(heightOn([10, 50], frame, 0.5)).toBe(20)
  expect(heightOn([10, 50], frame, 0.3)).toBeCloseTo(90, 9)
})
