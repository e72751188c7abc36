import { expect, test } from 'vitest'
import { voteEntropyReference } from './vote-entropy.reference'

const SIZE = { height: 1, width: 1 }

test('a unanimous committee has no entropy, a split one log2 of its parties', () => {
  const agree = Float32Array.of(5, 0, 5, 0, 5, 0, 5, 0)
  const split = Float32Array.of(5, 0, 0, 5, 5, 0, 0, 5)
  expect(voteEntropyReference(agree, [4, 1, 1, 2], SIZE, 'hard')[0]).toBe(0)
  expect(voteEntropyReference(split, [4, 1, 1, 2], SIZE, 'hard')[0]).toBe(1)
})

test('one vote against three', () => {
  const logits = Float32Array.of(5, 0, 5, 0, 5, 0, 0, 5)
  expect(voteEntropyReference(logits, [4, 1, 1, 2], SIZE, 'hard')[0]).toBeCloseTo(0.8112781, 6)
})

test('a tie goes to the lowest class', () => {
  expect(voteEntropyReference(Float32Array.of(1, 1, 1, 1, 0, 0), [2, 1, 1, 3], SIZE, 'hard')[0]).toBe(0)
})

test('soft votes are the entropy of the mean softmax', () => {
  expect(voteEntropyReference(new Float32Array(8), [2, 1, 1, 4], SIZE, 'soft')[0]).toBeCloseTo(2, 6)
  // Softmax of (ln 3, 0) is (3/4, 1/4), of (0, ln 3) its mirror: the mean is uniform.
  const mirrored = Float32Array.of(Math.log(3), 0, 0, Math.log(3))
  expect(voteEntropyReference(mirrored, [2, 1, 1, 2], SIZE, 'soft')[0]).toBeCloseTo(1, 6)
})

test('passes vote after they are upsampled', () => {
  // Along a row the first class falls from 1 to 0 while the second stays at 0.4: at 3/4 of the way it has lost.
  const pass = [1, 0.4, 0, 0.4]
  const steady = [1, 0, 1, 0]
  const map = voteEntropyReference(Float32Array.of(...pass, ...steady), [2, 1, 2, 2], { height: 1, width: 5 }, 'hard')
  expect([...map]).toEqual([0, 0, 0, 1, 1])
})
