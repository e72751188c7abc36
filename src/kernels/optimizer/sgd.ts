import * as tf from '@tensorflow/tfjs-core'
import { PART_ALIGNMENT } from '../arena/block'
import { checkShape, sameShape } from '../check'
import type { SgdOptions } from './sgd.reference'

/** The options with their defaults; `clipNorm` is negative where nothing is clipped. */
export type SgdAttrs = { [Option in keyof SgdOptions]-?: NonNullable<SgdOptions[Option]> }

/**
 * One step of SGD with momentum and weight decay, PyTorch's semantics: g += wd * p; v = mu * v + g; p -= lr * v, or with
 * Nesterov's momentum p -= lr * (g + mu * v); before it the gradients are clipped by the norm of them all together, if the
 * options have a `clipNorm`. Updates `parameters` and `velocities` in place, at once; they are whole blocks, as are the
 * gradients, whose gaps between parts are zero. The norm stays on the device.
 * @param parameters [n], n a multiple of 64, like `gradients` and `velocities`
 * @param rates learning rate of each 64 parameters: [n / 64]; a negative one leaves its parameters and velocities alone,
 *   and their gradients, whatever they hold, do not count in the norm
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
  const { momentum, weightDecay, nesterov = false, clipNorm = null } = options
  checkShape(clipNorm === null || clipNorm >= 0, () => `sgdStep: no gradient has a norm of ${clipNorm}.`)
  const inputs: tf.NamedTensorMap = { parameters, gradients, velocities, rates }
  if (clipNorm !== null) inputs.squareSum = tf.engine().runKernel('SquareSum', { x: gradients, rates }) as tf.Tensor
  const attrs: SgdAttrs = { momentum, weightDecay, nesterov, clipNorm: clipNorm ?? -1 }
  tf.engine().runKernel('SgdStep', inputs, attrs as unknown as tf.NamedAttrMap)
  inputs.squareSum?.dispose()
}
