import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, EXACT, filled } from '../../tests/support/kernels'
import { pattern } from '../../tests/support/numbers'
import { rankerLoss } from './rating-head'

const lossOf = (losses: ArrayLike<number>, isValid: boolean[]) => (ratings: tf.Tensor1D) =>
  rankerLoss(ratings, tf.tensor1d(Float32Array.from(losses)), isValid)

/** Loss and slopes by obvious loops. */
function reference(ratings: ArrayLike<number>, losses: ArrayLike<number>, isValid: boolean[]) {
  const pairs = Array.from({ length: isValid.length / 2 }, (_, i) => [i, isValid.length - 1 - i])
  const valid = pairs.filter((pair) => pair.every((image) => isValid[image]))
  const slopes = new Float64Array(isValid.length)
  let loss = 0
  for (const [i, j] of valid) {
    const probability = 1 / (1 + Math.exp(ratings[j] - ratings[i]))
    const target = losses[i] > losses[j] ? 1 : 0
    loss -= (target * Math.log(probability) + (1 - target) * Math.log(1 - probability)) / valid.length
    slopes[i] = (probability - target) / valid.length
    slopes[j] = -slopes[i]
  }
  return { loss, slopes }
}

function example(pairs: number, isValid = new Array<boolean>(2 * pairs).fill(true)): Case {
  const ratings = filled([2 * pairs], 0, (value) => 3 * value)
  const losses = pattern(2 * pairs, 5)
  const wanted = reference(ratings.values, losses, isValid)
  return {
    name: `pairs: ${pairs}, valid images: ${isValid.filter(Boolean).length}`,
    inputs: [ratings],
    run: lossOf(losses, isValid),
    want: () => [{ values: [wanted.loss], shape: [] }],
    dy: Float32Array.of(-2),
    gradients: ([dy]) => [wanted.slopes.map((value) => dy * value)],
  }
}

describeKernel("the ranker's loss", {
  cases: [
    ...[1, 2, 5].map((pairs) => example(pairs)),
    example(3, [true, false, true, true, true, true]),
    {
      name: 'no pair is valid',
      inputs: [{ values: Float32Array.of(3, 1), shape: [2] }],
      run: lossOf([1, 2], [true, false]),
      want: () => [[0]],
      tolerance: EXACT,
    },
    {
      name: 'ratings far apart in the wrong order cost their distance, and pull with full weight',
      inputs: [{ values: Float32Array.of(-200, 300), shape: [2] }],
      run: lossOf([2, 1], [true, true]),
      want: () => [[500]],
      dy: Float32Array.of(1),
      gradients: () => [[-1, 1]],
    },
    {
      name: 'equal losses rank the second higher',
      inputs: [{ values: Float32Array.of(0.5, 0.5), shape: [2] }],
      run: lossOf([1, 1], [true, true]),
      want: () => [[Math.LN2]],
      dy: Float32Array.of(1),
      gradients: () => [[0.5, -0.5]],
    },
  ],
})
