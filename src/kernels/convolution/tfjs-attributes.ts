import * as tf from '@tensorflow/tfjs-core'
import { type Activation, activationCeiling, activationFloor } from '../activation'
import type { Shape4D } from './geometry'

const ACTIVATIONS: Record<string, Activation> = { linear: 'none', relu: 'relu', relu6: 'relu6' }

/** The attributes that tfjs gives to its convolutions, dense and depthwise; fused ones have an activation. */
export interface TfjsConvolutionAttrs {
  strides: [number, number] | number
  dilations: [number, number] | number
  pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]]
  dataFormat: string
  dimRoundingMode?: 'floor' | 'round' | 'ceil'
  activation?: string
}

export interface TfjsConvolution {
  /** [N, H', W', outputs]. */
  outShape: Shape4D
  stride: number
  dilation: number
  /** Pixels of padding before the first row and column. */
  top: number
  left: number
  /** Range of the activation; without one, it has no bounds. */
  isClamped: boolean
  floor: number
  ceiling: number
}

/** tfjs's convolution as our kernels take it, or null for one that they do not have. */
export function readTfjsConvolution(
  { x, filter, bias, preluActivationWeights }: Record<string, tf.TensorInfo>,
  attrs: TfjsConvolutionAttrs,
  isDepthwise: boolean,
): TfjsConvolution | null {
  const activation = ACTIVATIONS[attrs.activation ?? 'linear']
  const { dataFormat = 'NHWC', dilations = [1, 1] } = attrs
  if (dataFormat !== 'NHWC' || !activation || preluActivationWeights) return null
  if (x.dtype !== 'float32' || filter.dtype !== 'float32' || (isDepthwise && filter.shape[3] !== 1)) return null
  const [xShape, filterShape] = [x.shape as Shape4D, filter.shape as Shape4D]
  const { strides, pad, dimRoundingMode } = attrs
  const info = tf.backend_util.computeConv2DInfo(
    xShape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    isDepthwise,
  )
  const outputs = info.outShape[3]
  if (bias && bias.shape.reduce((size, extent) => size * extent, 1) !== outputs) return null
  if (info.strideHeight !== info.strideWidth || info.dilationHeight !== info.dilationWidth) return null
  return {
    outShape: info.outShape,
    stride: info.strideHeight,
    dilation: info.dilationHeight,
    top: info.padInfo.top,
    left: info.padInfo.left,
    isClamped: activation !== 'none',
    floor: activationFloor(activation),
    ceiling: activationCeiling(activation),
  }
}
