import * as tf from '@tensorflow/tfjs-core'
import { PART_ALIGNMENT } from '../arena/block'
import { checkShape, sameShape } from '../check'
import { type AdamOptions, adamFactors } from './adam.reference'

/**
 * One step of Adam in PyTorch's semantics, without weight decay, after clipping the gradients by the norm of them all
 * together. Updates `parameters`, `first` and `second` in place, at once; they are whole blocks, as are the gradients, whose
 * gaps between parts are zero. The norm stays on the device.
 * @param parameters [n], n a multiple of 64, like all others
 * @param first moments of the gradients, zero before step 1
 * @param second moments of the gradients' squares, zero before step 1
 */
export function adamStep(
  parameters: tf.Tensor1D,
  gradients: tf.Tensor1D,
  first: tf.Tensor1D,
  second: tf.Tensor1D,
  options: AdamOptions,
): void {
  const { shape } = parameters
  checkShape(
    shape[0] % PART_ALIGNMENT === 0 && [gradients, first, second].every((tensor) => sameShape(tensor.shape, shape)),
    () =>
      `adamStep: parameters [${shape}], gradients [${gradients.shape}] and moments [${first.shape}] and [${second.shape}] do not fit.`,
  )
  checkShape(options.step >= 1, () => `adamStep: steps count from 1, so there is no step ${options.step}.`)
  const factors = adamFactors(options)
  const inputs: tf.NamedTensorMap = { parameters, gradients, first, second }
  if (factors.clipNorm >= 0) inputs.squareSum = tf.engine().runKernel('SquareSum', { x: gradients }) as tf.Tensor
  tf.engine().runKernel('AdamStep', inputs, factors as unknown as tf.NamedAttrMap)
  inputs.squareSum?.dispose()
}
