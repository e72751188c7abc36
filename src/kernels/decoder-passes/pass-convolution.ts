/**
 * Convolutions between the maps of Monte-Carlo passes that are stored in half precision (`gpu/precision.ts`): filters, biases
 * and sums stay in float32. On WebGPU alone; other engines have no such maps.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Precision } from '../../gpu/precision'
import type { Activation } from '../activation'
import { checkShape, sameShape } from '../check'

export interface PassConvolutionOptions {
  activation: Activation
  /** Of the result. */
  precision: Precision
}

export type PassConvolutionAttrs = PassConvolutionOptions & { hasBias: boolean }

/**
 * activation(filter * x + bias), stride 1, zeros around the map, its size kept. Not differentiable.
 * @param x [N, H, W, I], of either precision
 * @param filter [K, K, I, O], K odd, I and O multiples of 4
 * @param bias [O], or null
 * @returns [N, H, W, O]
 * @throws bad_shape when the shapes do not fit
 */
export function passConvolution(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  options: PassConvolutionOptions,
): tf.Tensor4D {
  const [rows, columns, inputs, outputs] = filter.shape
  const isSquare = rows === columns && rows % 2 === 1
  const fits = isSquare && x.shape[3] === inputs && (bias === null || sameShape(bias.shape, [outputs]))
  checkShape(
    fits && inputs % 4 === 0 && outputs % 4 === 0,
    () => `passConvolution: x [${x.shape}], filter [${filter.shape}] and bias [${bias?.shape}] do not fit.`,
  )
  // The kernel has a place for a bias; without one anything stands in it, unread.
  const inputsOfKernel = { x, filter, bias: bias ?? filter }
  const attrs: PassConvolutionAttrs = { ...options, hasBias: bias !== null }
  return tf.engine().runKernel('PassConvolution', inputsOfKernel, attrs as unknown as tf.NamedAttrMap) as tf.Tensor4D
}

/**
 * The same with a filter of 3x3 for each channel.
 * @param x [N, H, W, C], of either precision, C a multiple of 4
 * @param filter [3, 3, C, 1]
 * @param bias [C]
 */
export function passDepthwise(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
  options: PassConvolutionOptions,
): tf.Tensor4D {
  const channels = x.shape[3]
  checkShape(
    channels % 4 === 0 && sameShape(filter.shape, [3, 3, channels, 1]) && sameShape(bias.shape, [channels]),
    () => `passDepthwise: x [${x.shape}], filter [${filter.shape}] and bias [${bias.shape}] do not fit.`,
  )
  const attrs = options as unknown as tf.NamedAttrMap
  return tf.engine().runKernel('PassDepthwise', { x, filter, bias }, attrs) as tf.Tensor4D
}
