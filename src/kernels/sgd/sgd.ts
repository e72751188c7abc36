import * as tf from '@tensorflow/tfjs'
import { checkShape, sameShape } from '../check'
import type { SgdOptions } from './sgd.reference'

/**
 * One step of SGD with momentum and weight decay, PyTorch's semantics: g += wd * p; v = mu * v + g; p -= lr * v.
 * Updates `parameter` and `velocity` in place; all three have the same shape.
 */
export function sgdStep(parameter: tf.Tensor, gradient: tf.Tensor, velocity: tf.Tensor, options: SgdOptions): void {
  checkShape(
    sameShape(parameter.shape, gradient.shape) && sameShape(parameter.shape, velocity.shape),
    () =>
      `sgdStep: parameter [${parameter.shape}], gradient [${gradient.shape}] and velocity [${velocity.shape}] differ.`,
  )
  tf.engine().runKernel('SgdStep', { parameter, gradient, velocity }, options as unknown as tf.NamedAttrMap)
}
