import * as tf from '@tensorflow/tfjs-core'
import { checkShape, sameShape } from '../check'

/**
 * Weighted cross-entropy of each item, summed over its valid pixels ("Overall Pipeline"), of logits that are upsampled to the
 * labels' size: bilinear, corners aligned. Differentiable in the logits. The upsampled logits are never stored.
 * @param logits [N, h, w, C]
 * @param labels int32 [N, H, W]: class ids 0..C-1; a pixel of any other label, 255 among them, takes no part
 * @param weights [N, H, W]
 * @returns [N], in nats
 */
export function crossEntropySums(logits: tf.Tensor4D, labels: tf.Tensor3D, weights: tf.Tensor3D): tf.Tensor1D {
  checkShape(
    logits.shape[0] === labels.shape[0] && sameShape(labels.shape, weights.shape),
    () =>
      `crossEntropySums: logits [${logits.shape}] do not fit labels [${labels.shape}] and weights [${weights.shape}].`,
  )
  return tf.customGrad((x, save) => {
    // `norms`: of every pixel its highest logit, and 1 / the sum of exp(logit - highest), [N, H, W, 2].
    const inputs = { logits: x as tf.Tensor, labels, weights }
    const [sums, norms] = tf.engine().runKernel('CrossEntropySums', inputs) as tf.Tensor[]
    ;(save as tf.GradSaveFunc)([x as tf.Tensor, labels, weights, norms])
    const gradFunc = (dsums: tf.Tensor, saved: tf.Tensor[]) => {
      const [savedLogits, savedLabels, savedWeights, savedNorms] = saved
      return tf.engine().runKernel('CrossEntropyGrad', {
        logits: savedLogits,
        labels: savedLabels,
        weights: savedWeights,
        norms: savedNorms,
        dsums,
      }) as tf.Tensor
    }
    return { value: sums, gradFunc }
  })(logits) as tf.Tensor1D
}
