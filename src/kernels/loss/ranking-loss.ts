import * as tf from '@tensorflow/tfjs-core'
import { checkShape } from '../check'

/**
 * Weighted sum over the pairs (i, 2B-1-i), i < B, of max(0, 1 - s (r_i - r_j)), s = +1 where loss_i > loss_j else -1
 * (Eq. 2 of Learning Loss, margin 1). Differentiable in the ratings alone.
 * @param ratings [2B]
 * @param losses [2B]
 * @param pairWeights of each pair: [B]
 */
export function rankingLossOfPairs(ratings: tf.Tensor1D, losses: tf.Tensor1D, pairWeights: tf.Tensor1D): tf.Scalar {
  checkShape(
    ratings.size === losses.size && ratings.size === 2 * pairWeights.size,
    () =>
      `rankingLoss: ratings [${ratings.shape}], losses [${losses.shape}] and weights [${pairWeights.shape}] differ.`,
  )
  return tf.customGrad((x, save) => {
    const inputs = { ratings: x as tf.Tensor, losses, pairWeights }
    const [value, slope] = tf.engine().runKernel('RankingLoss', inputs) as tf.Tensor[]
    ;(save as tf.GradSaveFunc)([slope])
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(saved[0], dy) }
  })(ratings) as tf.Scalar
}
