import * as tf from '@tensorflow/tfjs-core'
import { checkShape } from '../check'

/**
 * Regional Gaussian attention (paper Eq. 5): the map convolved with K = a a^T, as two 1-D filters with zero padding.
 * The output lies at the window's centre: row r sums rows r - floor(w/2) .. r - floor(w/2) + w - 1. Not differentiable.
 * @param map [H, W]
 * @param a the w taps of the separable window K (Eq. 5)
 * @returns [H, W]
 */
export function gaussianAttention(map: tf.Tensor2D, a: Float32Array): tf.Tensor2D {
  checkShape(
    map.rank === 2 && a.length > 0,
    () => `gaussianAttention: map [${map.shape}] with a window of ${a.length} taps.`,
  )
  return tf.tidy(() => tf.engine().runKernel('GaussianAttention', { map, a: tf.tensor1d(a) }) as tf.Tensor2D)
}
