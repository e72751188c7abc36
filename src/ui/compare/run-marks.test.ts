import { expect, test } from 'vitest'
import { runMark, spread } from './run-marks'

test('every run has another letter, also beyond the alphabet, and another colour or dash', () => {
  const marks = Array.from({ length: 30 }, (_, i) => runMark(i))
  expect(marks.map(({ letter }) => letter).slice(24)).toEqual(['Y', 'Z', 'AA', 'AB', 'AC', 'AD'])
  expect(new Set(marks.map(({ color, dash }) => `${color} ${dash}`)).size).toBe(30)
})

test('letters at the ends of curves do not lie over each other, and stay where they have room', () => {
  expect(spread([], 10)).toEqual([])
  expect(spread([50, 0, 100], 10)).toEqual([50, 0, 100])
  expect(spread([50, 52], 10)).toEqual([46, 56])
  expect(spread([52, 50, 50], 12)).toEqual([62.666666666666664, 38.666666666666664, 50.666666666666664])
  // A pair that was spread reaches into a third.
  const places = spread([0, 1, 8], 6)
  expect(places).toEqual([-3, 3, 9])
})
