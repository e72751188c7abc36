import type * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { evaluate } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { voteEntropy } from './vote-entropy'
import { voteEntropyReference } from './vote-entropy.reference'

const SHAPES: [[number, number, number, number], { height: number; width: number }][] = [
  [[1, 1, 1, 1], { height: 1, width: 1 }],
  [[3, 2, 3, 2], { height: 5, width: 9 }],
  [[20, 3, 5, 11], { height: 9, width: 17 }],
  [[4, 5, 4, 19], { height: 5, width: 4 }],
  [[6, 3, 1, 12], { height: 9, width: 3 }],
  [[20, 11, 9, 12], { height: 44, width: 35 }],
]

describeEngines('vote entropy', () => {
  test.each(SHAPES)('%j at %j agrees with the reference', async (shape, size) => {
    const logits = pattern(shape.reduce((a, b) => a * b)).map((value) => 4 * value)
    for (const vote of ['soft', 'hard'] as const) {
      const [map] = await evaluate([{ values: logits, shape }], (x) => [voteEntropy(x as tf.Tensor4D, size, vote)])
      expectClose(map, voteEntropyReference(logits, shape, size, vote), { relative: 1e-5, absolute: 1e-5 })
    }
  })

  test('a tie goes to the lowest class, wherever the classes lie in a vector', async () => {
    // Two passes, nine classes: classes 2 and 7 tie in the first pass, 2 alone leads in the second.
    const logits = Float32Array.from({ length: 18 }, (_, i) => (i === 2 || i === 7 || i === 11 ? 3 : 0))
    const [map] = await evaluate([{ values: logits, shape: [2, 1, 1, 9] }], (x) => [
      voteEntropy(x as tf.Tensor4D, { height: 1, width: 1 }, 'hard'),
    ])
    expect(map[0]).toBe(0)
  })

  test('corners that agree decide without a look at the logits between, those that do not are blended', async () => {
    // Class 1 leads on the left, 2 on the right; in the middle class 0, second everywhere, wins. Twice, so that both votes agree.
    const pass = [0.8, 1, 0, 0, 0.8, 0, 1, 0, 0.8, 0, 1, 0]
    const [map] = await evaluate([{ values: Float32Array.from([...pass, ...pass]), shape: [2, 1, 3, 4] }], (x) => [
      voteEntropy(x as tf.Tensor4D, { height: 1, width: 9 }, 'hard'),
    ])
    expect([...map]).toEqual(new Array(9).fill(0))
    const split = [...pass, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]
    const [other] = await evaluate([{ values: Float32Array.from(split), shape: [2, 1, 3, 4] }], (x) => [
      voteEntropy(x as tf.Tensor4D, { height: 1, width: 9 }, 'hard'),
    ])
    // The second pass votes for class 2 everywhere, the first one from the middle on.
    expectClose(other, [1, 1, 1, 1, 0, 0, 0, 0, 0])
  })
})
