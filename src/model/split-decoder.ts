/**
 * The decoder as Monte-Carlo passes run it. Its first convolution sees the upsampled pyramid beside the low-level map.
 * The low-level half has no dropout before it and is computed once an image. The pyramid's half commutes with the
 * upsampling, so its channels are mixed at the pyramid's smaller size. Exact: the same numbers as `Decoder`, summed in
 * another order.
 */
import * as tf from '@tensorflow/tfjs-core'
import { type Precision, precisionOf } from '../gpu/precision'
import { passConvolution, passDepthwise } from '../kernels/decoder-passes/pass-convolution'
import { passDropout } from '../kernels/decoder-passes/pass-dropout'
import { upsampledDepthwise, upsampledTaps } from '../kernels/decoder-passes/upsampled-convolution'
import type { DropoutOptions } from '../kernels/layers/dropout.reference'
import type { Decoder } from './decoder'
import { type FoldedLayer, fusedConvolution } from './folded-layer'
import type { ConvBnLayer } from './layers'

export interface SplitDecoder {
  /** Low-level half of the first convolution, [N, H/4, W/4, 48] -> [N, H/4, W/4, A]: bias included, before its ReLU. */
  lowHalf(reducedLow: tf.Tensor4D): tf.Tensor4D
  /**
   * The first convolution of m pyramids [m, h, w, A] to which dropout was applied, with its ReLU and its dropout: [m,
   * H/4, W/4, A], in the given precision, which the maps after it keep.
   */
  first(pyramids: tf.Tensor4D, lowHalf: tf.Tensor4D, dropout: DropoutOptions & { precision: Precision }): tf.Tensor4D
  /** The second convolution, [m, H/4, W/4, A] to the same. */
  last(features: tf.Tensor4D): tf.Tensor4D
  /**
   * [m, H/4, W/4, A] -> logits [m, H/4, W/4, C'], C' = classes rounded up to a multiple of four: kernels that take four
   * classes at a time need no remainder. The added classes have the logit -1e30 and never win nor count.
   */
  classify(features: tf.Tensor4D): tf.Tensor4D
  tensors: tf.Tensor[]
}

/** Call inside tf.tidy: `tensors` outlive it and belong to the caller. */
export function splitDecoder(decoder: Decoder, folded: ReadonlyMap<string, FoldedLayer>): SplitDecoder {
  const get = (name: string) => folded.get(name) as FoldedLayer
  const half = decoder.first.length === 1 ? denseHalf : separableHalf
  const first = half(decoder.first.map(({ conv }) => get(conv)))
  const classifier = paddedClassifier(get(decoder.classifier.name))
  const tensors = [...first.tensors, classifier.filter, classifier.bias]
  for (const tensor of tensors) tf.keep(tensor)
  return {
    ...first,
    last: (features) =>
      decoder.last.reduce((x, layer) => consume(x, () => convolve(x, layer, get(layer.conv))), features),
    classify: (x) =>
      precisionOf(x) === 'float16'
        ? passConvolution(x, classifier.filter, classifier.bias, { activation: 'none', precision: 'float32' })
        : tf.fused.conv2d({ x, ...classifier, strides: 1, pad: 'valid' }),
    tensors,
  }
}

/** A layer whose result has the precision of its input. */
function convolve(x: tf.Tensor4D, layer: ConvBnLayer, folded: FoldedLayer): tf.Tensor4D {
  if (precisionOf(x) === 'float32') return fusedConvolution(layer, x, folded)
  const run = layer.isDepthwise ? passDepthwise : passConvolution
  return run(x, folded.filter, folded.bias, { activation: layer.activation, precision: 'float16' })
}

type FirstConvolution = Pick<SplitDecoder, 'lowHalf' | 'first' | 'tensors'>

/** Dense 3x3: nine 1x1 convolutions of the pyramid, whose results are upsampled, shifted and added. */
function denseHalf([layer]: FoldedLayer[]): FirstConvolution {
  const { filter, bias } = layer as FoldedLayer
  const [, , inputs, outputs] = filter.shape
  const channels = outputs
  const pyramidFilter = tf.slice(filter, [0, 0, 0, 0], [3, 3, channels, outputs])
  const taps = tf.reshape(tf.transpose(pyramidFilter, [2, 0, 1, 3]), [1, 1, channels, 9 * outputs]) as tf.Tensor4D
  const low = tf.slice(filter, [0, 0, channels, 0], [3, 3, inputs - channels, outputs])
  return {
    lowHalf: (reducedLow) => tf.fused.conv2d({ x: reducedLow, filter: low, bias, strides: 1, pad: 'same' }),
    first: (pyramids, lowHalf, dropout) =>
      consume(tf.conv2d(pyramids, taps, 1, 'valid'), (mixed) => upsampledTaps(mixed, lowHalf, dropout)),
    tensors: [taps, low],
  }
}

/** Depthwise 3x3, then pointwise: both act on the two halves of the channels separately. */
function separableHalf(layers: FoldedLayer[]): FirstConvolution {
  const [depthwise, pointwise] = layers as [FoldedLayer, FoldedLayer]
  const channels = pointwise.filter.shape[3]
  const lowChannels = pointwise.filter.shape[2] - channels
  const [filter, lowFilter] = tf.split(depthwise.filter, [channels, lowChannels], 2) as [tf.Tensor4D, tf.Tensor4D]
  const [bias, lowBias] = tf.split(depthwise.bias, [channels, lowChannels]) as [tf.Tensor1D, tf.Tensor1D]
  const [mix, lowMix] = tf.split(pointwise.filter, [channels, lowChannels], 2) as [tf.Tensor4D, tf.Tensor4D]
  return {
    lowHalf: (reducedLow) => {
      const options = { strides: 1, pad: 'same', activation: 'relu' } as const
      const filtered = tf.fused.depthwiseConv2d({ x: reducedLow, filter: lowFilter, bias: lowBias, ...options })
      return tf.fused.conv2d({ x: filtered, filter: lowMix, bias: pointwise.bias, strides: 1, pad: 'valid' })
    },
    first: (pyramids, lowHalf, dropout) => {
      const [, height, width] = lowHalf.shape
      const [passes] = pyramids.shape
      const filtered = upsampledDepthwise(pyramids, filter, bias, { height, width }, dropout.precision)
      const mixed = consume(filtered, (x) =>
        precisionOf(x) === 'float16'
          ? passConvolution(x, mix, null, { activation: 'none', precision: 'float16' })
          : tf.conv2d(x, mix, 1, 'valid'),
      )
      return consume(mixed, (x) => passDropout(x, lowHalf, { ...dropout, passes, relu: true }))
    },
    tensors: [filter, lowFilter, bias, lowBias, mix, lowMix],
  }
}

function paddedClassifier({ filter, bias }: FoldedLayer): FoldedLayer {
  const missing = (4 - (bias.shape[0] % 4)) % 4
  const pad = [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, missing],
  ] as [number, number][]
  return {
    filter: tf.pad(filter, pad),
    bias: tf.concat([bias, tf.fill([missing], -1e30)]) as tf.Tensor1D,
  }
}

/** `next` of x, which is disposed at once: the passes' maps are large. */
export function consume(x: tf.Tensor4D, next: (x: tf.Tensor4D) => tf.Tensor4D): tf.Tensor4D {
  const y = next(x)
  x.dispose()
  return y
}
