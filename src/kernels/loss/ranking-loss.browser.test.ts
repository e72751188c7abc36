import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, EXACT, filled } from '../../../tests/support/kernels'
import { pattern } from '../../../tests/support/numbers'
import { rankingLossOfPairs } from './ranking-loss'
import { rankingLossReference } from './ranking-loss.reference'

const lossOf = (losses: ArrayLike<number>, weights: ArrayLike<number>) => (ratings: tf.Tensor1D) =>
  rankingLossOfPairs(ratings, tf.tensor1d(Float32Array.from(losses)), tf.tensor1d(Float32Array.from(weights)))

function example(pairs: number): Case {
  const ratings = filled([2 * pairs], 0, (value) => 3 * value)
  const losses = pattern(2 * pairs, 5)
  const weights = Float32Array.from({ length: pairs }, (_, i) => (i === 1 ? 0 : 1 / pairs))
  const reference = () => rankingLossReference(ratings.values, losses, weights)
  return {
    name: `pairs: ${pairs}`,
    inputs: [ratings],
    run: lossOf(losses, weights),
    want: () => [{ values: [reference().loss], shape: [] }],
    dy: Float32Array.of(-2),
    gradients: ([dy]) => [reference().slope.map((value) => dy * value)],
  }
}

describeKernel('ranking loss', {
  cases: [
    ...[1, 2, 5].map(example),
    {
      name: 'equal losses rank the second higher',
      inputs: [{ values: Float32Array.of(0, 0.25), shape: [2] }],
      run: lossOf([1, 1], [1]),
      want: () => [[0.75]],
      tolerance: EXACT,
    },
    {
      name: 'ratings far enough apart cost nothing',
      inputs: [{ values: Float32Array.of(0, 1), shape: [2] }],
      run: lossOf([1, 1], [1]),
      want: () => [[0]],
      tolerance: EXACT,
      dy: Float32Array.of(1),
      gradients: () => [[0, 0]],
      gradientTolerance: EXACT,
    },
  ],
})
