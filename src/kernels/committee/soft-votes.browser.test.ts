import type * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { evaluate } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { softVotes } from './soft-votes'
import { softVotesReference } from './soft-votes.reference'

type Logits = [number, number, number, number]

/** Classes on both sides of a vector and of a block of 64. */
const CASES: [Logits, { height: number; width: number }][] = [
  [[1, 1, 1, 1], { height: 1, width: 1 }],
  [[3, 2, 3, 2], { height: 5, width: 9 }],
  [[20, 3, 5, 11], { height: 9, width: 17 }],
  [[4, 5, 4, 19], { height: 5, width: 4 }],
  [[6, 3, 1, 12], { height: 9, width: 3 }],
  [[3, 2, 3, 64], { height: 4, width: 5 }],
  [[3, 2, 3, 65], { height: 4, width: 5 }],
  [[3, 2, 3, 130], { height: 4, width: 5 }],
]

const maps = (x: tf.Tensor, size: { height: number; width: number }) => Object.values(softVotes(x as tf.Tensor4D, size))

describeEngines('soft votes', () => {
  test.each(CASES)('%j at %j agree with the reference', async (shape, size) => {
    for (const scale of [1, 30]) {
      const other = pattern(
        shape.reduce((a, b) => a * b),
        3,
      )
      const logits = other.map((value, i) => scale * (value + other[(i * i) % other.length]))
      const [entropy, margin, disagreement] = await evaluate([{ values: logits, shape }], (x) => maps(x, size))
      const want = softVotesReference(logits, shape, size)
      expectClose(entropy, want.entropy, { absolute: 3e-5 })
      expectClose(margin, want.margin, { absolute: 1e-5 })
      expectClose(disagreement, want.disagreement, { absolute: 5e-5 })
    }
  })

  test('a class that cannot be does not count', async () => {
    const shape: Logits = [2, 1, 1, 4]
    const values = Float32Array.of(1, 2, -1e30, -1e30, 3, 1, -1e30, -1e30)
    const got = await evaluate([{ values, shape }], (x) => maps(x, { height: 1, width: 1 }))
    const two = softVotesReference(Float32Array.of(1, 2, 3, 1), [2, 1, 1, 2], { height: 1, width: 1 })
    Object.values(two).forEach((want, i) => {
      expectClose(got[i], want, { absolute: 1e-5 })
    })
  })

  test('passes that are equal do not disagree', async () => {
    const one = pattern(3 * 4 * 5).map((value) => 6 * value)
    const all = new Float32Array(7 * one.length)
    for (let m = 0; m < 7; m++) all.set(one, m * one.length)
    const [, , disagreement] = await evaluate([{ values: all, shape: [7, 3, 4, 5] }], (x) =>
      maps(x, { height: 6, width: 8 }),
    )
    expect(Math.max(...disagreement)).toBeLessThan(1e-5)
  })
})
