import * as tf from '@tensorflow/tfjs-core'
import { checkShape } from '../check'

export interface ClassWindowsAttrs {
  stride: number
}

/** Windows along an axis: at every `stride`, and one at the end. */
export function windowsAlong(length: number, side: number, stride: number): number {
  return Math.ceil((length - side) / stride) + 1
}

/**
 * How uncertain the network is in windows of an image, class by class: sum over the window's pixels of a_i a_j *
 * uncertainty * p_c, with p the softmax of the logits upsampled (bilinear, corners aligned); and the mean of p over all
 * pixels. No map of classes at full size is ever made. Not differentiable.
 * @param logits [1, h, w, C]
 * @param uncertainty [H, W]
 * @param a the taps of the separable window, its side long
 * @param stride distance between neighbouring windows, pixels; the last ones end at the edges
 * @returns [windows + 1, C]: windows row-major, then the means
 * @throws bad_shape when the window does not fit
 */
export function classWindows(
  logits: tf.Tensor4D,
  uncertainty: tf.Tensor2D,
  a: Float32Array,
  stride: number,
): tf.Tensor2D {
  const [height, width] = uncertainty.shape
  checkShape(
    logits.shape[0] === 1 && stride > 0 && a.length > 0 && a.length <= Math.min(height, width),
    () => `classWindows: logits [${logits.shape}], uncertainty [${uncertainty.shape}], ${a.length} taps.`,
  )
  return tf.tidy(() => {
    const attrs: ClassWindowsAttrs = { stride }
    const inputs = { logits, uncertainty, a: tf.tensor1d(a) }
    return tf.engine().runKernel('ClassWindows', inputs, attrs as object as tf.NamedAttrMap) as tf.Tensor2D
  })
}
