import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { evaluate, gradients } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { rankingLossOfPairs } from './ranking-loss'
import { rankingLossReference } from './ranking-loss.reference'

describeEngines('ranking loss', () => {
  test.each([1, 2, 5])('%i pairs agree with the reference, forward and gradient', async (pairs) => {
    const ratings = pattern(2 * pairs).map((value) => 3 * value)
    const losses = pattern(2 * pairs, 5)
    const weights = Float32Array.from({ length: pairs }, (_, i) => (i === 1 ? 0 : 1 / pairs))
    const run = (x: tf.Tensor) => rankingLossOfPairs(x as tf.Tensor1D, tf.tensor1d(losses), tf.tensor1d(weights))
    const inputs = [{ values: ratings, shape: [2 * pairs] }]
    const want = rankingLossReference(ratings, losses, weights)
    const [[loss]] = await evaluate(inputs, (x) => [run(x)])
    expect(loss).toBeCloseTo(want.loss, 5)
    const [slope] = await gradients(inputs, { values: Float32Array.of(-2), shape: [] }, run)
    expectClose(
      slope,
      want.slope.map((value) => -2 * value),
    )
  })

  test('equal losses rank the second higher; ratings far enough apart cost nothing', async () => {
    const run = (x: tf.Tensor) => rankingLossOfPairs(x as tf.Tensor1D, tf.tensor1d([1, 1]), tf.tensor1d([1]))
    const [[loss]] = await evaluate([{ values: Float32Array.of(0, 0.25), shape: [2] }], (x) => [run(x)])
    expect(loss).toBe(0.75)
    const apart = [{ values: Float32Array.of(0, 1), shape: [2] }]
    const [slope] = await gradients(apart, { values: Float32Array.of(1), shape: [] }, run)
    expectClose(slope, [0, 0], { absolute: 0 })
  })
})
