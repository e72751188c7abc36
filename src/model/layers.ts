/** Layers of the network as data, declared once and run by a training or an inference executor. */
import type * as tf from '@tensorflow/tfjs-core'
import type { Activation } from '../kernels/activation'

/** Parameter groups of the optimizer: the head (ASPP, decoder, rating head) learns `headLrFactor` times faster. */
export type ParameterGroup = 'encoder' | 'head'

/** Convolution, batch normalisation, activation: the only kind of layer up to the classifier. */
export interface ConvBnLayer {
  /** Parameter names in the published files: `<conv>.weight`, `<norm>.{weight,bias,running_mean,running_var}`. */
  conv: string
  norm: string
  group: ParameterGroup
  isDepthwise: boolean
  kernel: number
  inChannels: number
  outChannels: number
  stride: number
  dilation: number
  activation: Activation
}

/** The classifier: 1x1 with bias, no normalisation. */
export interface ClassifierLayer {
  name: string
  inChannels: number
  outChannels: number
}

/** Fully connected layer of the rating head: y = x W + b. */
export interface DenseLayer {
  name: string
  inChannels: number
  outChannels: number
}

/** Places where dropout can be active; the number keys the counter-based hash and must never change. */
export const DROPOUT_LAYERS = { aspp: 1, decoderFirst: 2, decoderLast: 3, encoderHigh: 4, encoderLow: 5 } as const
export type DropoutLayer = keyof typeof DROPOUT_LAYERS

/**
 * Runs layers: once with batch statistics and gradients (training), once with folded running statistics (inference).
 */
export interface Executor {
  /**
   * [N, H, W, inChannels] -> [N, H/stride, W/stride, outChannels]; with the dropout behind the layer, where it is
   * active.
   */
  convBn(layer: ConvBnLayer, x: tf.Tensor4D, dropout?: DropoutLayer): tf.Tensor4D
  /** [N, H, W, inChannels] -> [N, H, W, classes], logits. */
  classify(layer: ClassifierLayer, x: tf.Tensor4D): tf.Tensor4D
  /** A dropout that follows no layer; returns its input where it is not active. */
  dropout(layer: DropoutLayer, x: tf.Tensor4D): tf.Tensor4D
}

/** Padding that keeps the size at stride 1 and matches PyTorch at stride 2. */
export function padding(layer: ConvBnLayer): number {
  return (layer.dilation * (layer.kernel - 1)) / 2
}

/** Filter shape as stored on the device: [kh, kw, in, out], depthwise [kh, kw, channels, 1]. */
export function filterShape(layer: ConvBnLayer): [number, number, number, number] {
  const { kernel, inChannels, outChannels, isDepthwise } = layer
  return isDepthwise ? [kernel, kernel, inChannels, 1] : [kernel, kernel, inChannels, outChannels]
}

/** Rounds to the nearest multiple of 8, at least 8, never more than 10% down (as in the published networks). */
export function scaleChannels(channels: number, width: number): number {
  const scaled = channels * width
  const rounded = Math.max(8, Math.floor((scaled + 4) / 8) * 8)
  return rounded < 0.9 * scaled ? rounded + 8 : rounded
}

type ConvBnOptions = Partial<Pick<ConvBnLayer, 'kernel' | 'stride' | 'dilation' | 'activation' | 'isDepthwise'>>

export function convBn(
  names: { conv: string; norm: string },
  group: ParameterGroup,
  inChannels: number,
  outChannels: number,
  options: ConvBnOptions = {},
): ConvBnLayer {
  return {
    ...names,
    group,
    isDepthwise: false,
    kernel: 1,
    inChannels,
    outChannels,
    stride: 1,
    dilation: 1,
    activation: 'relu',
    ...options,
  }
}
