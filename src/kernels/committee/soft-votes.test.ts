import { expect, test } from 'vitest'
import { softVotesReference } from './soft-votes.reference'

const SIZE = { height: 1, width: 1 }

test('passes that agree on a doubt: entropy, no disagreement', () => {
  const { entropy, margin, disagreement } = softVotesReference(new Float32Array(8), [2, 1, 1, 4], SIZE)
  expect([entropy[0], margin[0], disagreement[0]]).toEqual([2, 0, 0])
})

test('passes that are sure of different classes: all of the entropy is disagreement', () => {
  const { entropy, margin, disagreement } = softVotesReference(Float32Array.of(60, 0, 0, 60), [2, 1, 1, 2], SIZE)
  expect([entropy[0], margin[0], disagreement[0]]).toEqual([1, 0, 1])
})

test('by hand', () => {
  // Softmaxes (3/4, 1/4) and (1/2, 1/2): mean (5/8, 3/8), of entropy .954434; their own are .811278 and 1.
  const { entropy, margin, disagreement } = softVotesReference(
    Float32Array.of(Math.log(3), 0, 0, 0),
    [2, 1, 1, 2],
    SIZE,
  )
  expect(entropy[0]).toBeCloseTo(0.954434, 6)
  expect(margin[0]).toBeCloseTo(0.25, 6)
  expect(disagreement[0]).toBeCloseTo(0.954434 - (0.8112781 + 1) / 2, 6)
})
