import * as tf from '@tensorflow/tfjs-core'
import { PART_ALIGNMENT } from '../arena/block'
import { checkShape, sameShape } from '../check'
import type { SgdOptions } from './sgd.reference'

/**
 * One step of SGD with momentum and weight decay, PyTorch's semantics: g += wd * p; v = mu * v + g; p -= lr * v.
 * Updates `parameters` and `velocities` in place, at once; they are whole blocks, as are the gradients.
 * @param parameters [n], n a multiple of 64, like `gradients` and `velocities`
 * @param rates learning rate of each 64 parameters: [n / 64]; a negative one leaves its parameters and velocities alone
 */
export function sgdStep(
  parameters: tf.Tensor1D,
  gradients: tf.Tensor1D,
  velocities: tf.Tensor1D,
  rates: tf.Tensor1D,
  options: SgdOptions,
): void {
  checkShape(
    sameShape(parameters.shape, gradients.shape) &&
      sameShape(parameters.shape, velocities.shape) &&
      rates.size * PART_ALIGNMENT === parameters.size,
    () =>
      `sgdStep: parameters [${parameters.shape}], gradients [${gradients.shape}], velocities [${velocities.shape}] and rates [${rates.shape}] do not fit.`,
  )
  const inputs = { parameters, gradients, velocities, rates }
  tf.engine().runKernel('SgdStep', inputs, options as unknown as tf.NamedAttrMap)
}
