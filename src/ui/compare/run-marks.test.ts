import { expect, test } from 'vitest'
import { runMark } from './run-marks'

test('every run has another letter, also beyond the alphabet, and another colour or dash', () => {
  const marks = Array.from({ length: 30 }, (_, i) => runMark(i))
  expect(marks.map(({ letter }) => letter).slice(24)).toEqual(['Y', 'Z', 'AA', 'AB', 'AC', 'AD'])
  expect(new Set(marks.map(({ color, dash }) => `${color} ${dash}`)).size).toBe(30)
})
