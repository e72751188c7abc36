/**
 * 3x3 convolutions of a bilinearly upsampled map, computed from the map before it is upsampled: a 1x1 mixing of channels and a
 * depthwise filter both commute with the upsampling, so nothing of the upsampled map is ever stored. Exact; for inference.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Precision } from '../../gpu/precision'
import { checkShape, sameShape } from '../check'
import type { DropoutOptions } from '../layers/dropout.reference'

export interface UpsampledDepthwiseAttrs {
  height: number
  width: number
  /** Of the result, where the engine has a choice. */
  precision: Precision
}

/**
 * relu(bias + depthwise 3x3 of z upsampled to `size`), corners aligned, zero padding. Not differentiable.
 * @param z [N, h, w, C], C a multiple of 4, at most half as many intervals along each axis as `size` has
 * @param filter [3, 3, C, 1]
 * @param bias [C]
 * @returns [N, height, width, C]
 * @throws bad_shape when the shapes do not fit
 */
export function upsampledDepthwise(
  z: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
  { height, width }: { height: number; width: number },
  precision: Precision = 'float32',
): tf.Tensor4D {
  const [, h, w, channels] = z.shape
  const fits = channels % 4 === 0 && sameShape(filter.shape, [3, 3, channels, 1]) && sameShape(bias.shape, [channels])
  // Then the three taps along an axis meet three samples of z at most.
  const isFine = 2 * (h - 1) <= Math.max(0, height - 1) && 2 * (w - 1) <= Math.max(0, width - 1)
  checkShape(
    fits && isFine,
    () => `upsampledDepthwise: z [${z.shape}], filter [${filter.shape}] and size ${height} x ${width} do not fit.`,
  )
  return tf.engine().runKernel('UpsampledDepthwise', { z, filter, bias }, { height, width, precision }) as tf.Tensor4D
}

export type UpsampledTapsAttrs = Omit<Required<DropoutOptions>, 'channelwise'> &
  Pick<UpsampledDepthwiseAttrs, 'precision'>

/** `precision` is float32 unless told. */
type UpsampledTapsOptions = Omit<UpsampledTapsAttrs, 'precision'> & Partial<Pick<UpsampledTapsAttrs, 'precision'>>

/**
 * dropout(relu(shared + convolution 3x3 of an upsampled map)), given the nine 1x1 convolutions of the map that was not
 * upsampled; corners aligned, zero padding. Item n has the masks of pass `firstPass + n`. Not differentiable.
 * @param taps [N, h, w, 9 C]: tap (ky, kx) in channels (3 ky + kx) C on; C a multiple of 4
 * @param shared [N or 1, height, width, C]
 * @returns [N, height, width, C]
 * @throws bad_shape when the shapes do not fit
 */
export function upsampledTaps(taps: tf.Tensor4D, shared: tf.Tensor4D, options: UpsampledTapsOptions): tf.Tensor4D {
  const [items, height, width, channels] = shared.shape
  checkShape(
    channels % 4 === 0 && taps.shape[3] === 9 * channels && (items === 1 || items === taps.shape[0]),
    () => `upsampledTaps: taps [${taps.shape}] and shared [${shared.shape}] do not fit (${height} x ${width}).`,
  )
  const attrs = { precision: 'float32', ...options } as unknown as tf.NamedAttrMap
  return tf.engine().runKernel('UpsampledTaps', { taps, shared }, attrs) as tf.Tensor4D
}
