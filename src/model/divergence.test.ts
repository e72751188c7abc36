import { expect, test } from 'vitest'
import { requireFiniteArrays, requireFiniteLoss } from './divergence'

const place = {
  request: { round: 2, epoch: 11 },
  training: { learningRate: 0.1, headLrFactor: 10 },
  first: 9,
  last: 16,
  learningRates: [0.01, 0.01] as const,
}

test('a loss that is no number is refused with round, epoch, steps and rates', () => {
  requireFiniteLoss(3, place)
  expect(() => requireFiniteLoss(Number.NaN, place)).toThrow(
    'Training diverged: in round 2, epoch 12, steps 9 to 16, the loss became NaN at a learning rate of 0.01 (0.1 in the decoder).',
  )
  const single = { ...place, first: 16, training: { learningRate: 0.1, headLrFactor: 1 } }
  expect(() => requireFiniteLoss(Number.POSITIVE_INFINITY, single)).toThrow(
    'step 16, the loss became Infinity at a learning rate of 0.01.',
  )
})

test('a learning rate that changes from step to step is named from the first to the last', () => {
  expect(() => requireFiniteLoss(Number.NaN, { ...place, learningRates: [0.0083333, 0.00829876] })).toThrow(
    'the loss became NaN at a learning rate of 0.00833 to 0.0083 (0.0833 to 0.083 in the decoder).',
  )
})

test('arrays with one value that is not finite are named', () => {
  const good = { shape: [2], values: Float32Array.of(1, -2) }
  const arrays = new Map([['a', good]])
  expect(requireFiniteArrays(arrays)).toBe(arrays)
  arrays.set('b.weight', { shape: [3], values: Float32Array.of(0, Number.NEGATIVE_INFINITY, 1) })
  expect(() => requireFiniteArrays(arrays)).toThrow('"b.weight" of the network holds -Infinity')
})
