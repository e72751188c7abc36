import { expect, test } from 'vitest'
import { IGNORE } from '../domain/labels'
import { withRim } from './extension-rim'

const _ = IGNORE

test('given labels beside what was spread are covered with their own class; others, void and the spread itself stay', () => {
  // Given: a column of 1, in which one pixel is void. Spread: a column of 2 beside it, ending in a 3 by itself.
  const given = Uint8Array.of(1, 1, _, _, _, 1, _, _, _, _, 1, 1, _, _, _)
  const classes = Uint8Array.of(_, _, 2, _, _, _, _, 2, _, _, _, _, 3, _, _)
  const confidence = Float32Array.of(0, 0, 0.5, 0, 0, 0, 0, 0.75, 0, 0, 0, 0, 0.625, 0, 0)
  const rimmed = withRim({ classes, confidence }, given, { width: 5, height: 3 })
  expect([...rimmed.classes]).toEqual([_, 1, 2, _, _, _, _, 2, _, _, _, 1, 3, _, _])
  expect([...rimmed.confidence]).toEqual([0, 0.75, 0.5, 0, 0, 0, 0, 0.75, 0, 0, 0, 0.75, 0.625, 0, 0])
})

test('where nothing was spread there is no rim', () => {
  const given = new Uint8Array(12).fill(1)
  const nothing = { classes: new Uint8Array(12).fill(_), confidence: new Float32Array(12) }
  expect(withRim(nothing, given, { width: 4, height: 3 })).toEqual(nothing)
})
