import * as tf from '@tensorflow/tfjs'
import { checkShape, sameShape } from '../check'

/**
 * Weighted cross-entropy of each item, summed over its valid pixels (spec section 5). Differentiable in the logits.
 * @param logits [N, H, W, C]
 * @param labels int32 [N, H, W]: class ids 0..C-1, or 255 = ignore
 * @param weights [N, H, W]
 * @returns [N], in nats
 */
export function crossEntropySums(logits: tf.Tensor4D, labels: tf.Tensor3D, weights: tf.Tensor3D): tf.Tensor1D {
  checkShape(
    sameShape(logits.shape.slice(0, 3), labels.shape) && sameShape(labels.shape, weights.shape),
    () =>
      `crossEntropySums: logits [${logits.shape}] do not fit labels [${labels.shape}] and weights [${weights.shape}].`,
  )
  return tf.engine().runKernel('CrossEntropySums', { logits, labels, weights }) as tf.Tensor1D
}

tf.registerGradient({
  kernelName: 'CrossEntropySums',
  inputsToSave: ['logits', 'labels', 'weights'],
  gradFunc: (dy, saved) => {
    const [logits, labels, weights] = saved
    const inputs = { logits, labels, weights, dsums: dy as tf.Tensor }
    return { logits: () => tf.engine().runKernel('CrossEntropyGrad', inputs) as tf.Tensor }
  },
})
