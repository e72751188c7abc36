import * as tf from '@tensorflow/tfjs-core'
import { checkShape } from '../check'

export interface DenseAttrs {
  activation: 'none' | 'relu'
}

/**
 * Fully connected layer with its activation: activation(x W + b). Differentiable in x, weights and bias.
 * @param x [N, I]
 * @param weights [I, O]
 * @param bias [O]
 * @returns [N, O]
 */
export function dense(
  x: tf.Tensor2D,
  weights: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: DenseAttrs['activation'],
): tf.Tensor2D {
  checkShape(
    x.shape[1] === weights.shape[0] && weights.shape[1] === bias.shape[0],
    () => `dense: x [${x.shape}] does not fit weights [${weights.shape}] and bias [${bias.shape}].`,
  )
  return tf.engine().runKernel('Dense', { x, weights, bias }, { activation }) as tf.Tensor2D
}

tf.registerGradient({
  kernelName: 'Dense',
  inputsToSave: ['x', 'weights', 'bias'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attrs) => {
    const [x, weights, bias, y] = saved
    const inputs = { dy: dy as tf.Tensor, y, x, weights, bias }
    const [dweights, dbias, dx] = tf.engine().runKernel('DenseGrad', inputs, attrs) as tf.Tensor[]
    return { x: () => dx, weights: () => dweights, bias: () => dbias }
  },
})
