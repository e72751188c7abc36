/** DeepLabV3+ decoder: the pyramid refined by the low-level map, logits at 1/4 of the input size (Chen et al. 2018). */
import * as tf from '@tensorflow/tfjs-core'
import type { NetworkConfig } from '../domain/config'
import { upsample } from '../kernels/upsampling/upsample'
import { type ClassifierLayer, type ConvBnLayer, convBn, type DropoutLayer, type Executor } from './layers'
import { conv3x3 } from './separable'

const LOW_LEVEL_CHANNELS = 48

export interface Decoder {
  layers: ConvBnLayer[]
  /** The two 3x3 convolutions, each in its one (dense) or two (separable) layers. */
  first: ConvBnLayer[]
  last: ConvBnLayer[]
  classifier: ClassifierLayer
  /** Channels of the concatenated features (304 in the paper's net). */
  featureChannels: number
  /** [N, H/4, W/4, lowChannels] -> [N, H/4, W/4, 48]: no dropout before it, so computed once per image. */
  reduceLow(executor: Executor, low: tf.Tensor4D): tf.Tensor4D
  /** ASPP output [N, h, w, A] upsampled and joined with the reduced low-level map: [N, H/4, W/4, A + 48]. */
  join(pyramid: tf.Tensor4D, reducedLow: tf.Tensor4D): tf.Tensor4D
  /** [N, H/4, W/4, A + 48] -> logits [N, H/4, W/4, classes]. */
  forward(executor: Executor, joined: tf.Tensor4D): tf.Tensor4D
}

export function decoder(config: NetworkConfig, lowChannels: number, classes: number): Decoder {
  const channels = config.channels
  const reduce = convBn({ conv: 'decoder.low.conv', norm: 'decoder.low.norm' }, 'head', lowChannels, LOW_LEVEL_CHANNELS)
  const first = conv3x3('decoder.first', config.separable, channels + LOW_LEVEL_CHANNELS, channels, 1)
  const last = conv3x3('decoder.last', config.separable, channels, channels, 1)
  const classifier = { name: 'decoder.classifier', inChannels: channels, outChannels: classes }
  const apply = (executor: Executor, layers: ConvBnLayer[], x: tf.Tensor4D, dropout: DropoutLayer) =>
    layers.reduce((y, layer) => executor.convBn(layer, y, layer === layers.at(-1) ? dropout : undefined), x)

  return {
    layers: [reduce, ...first, ...last],
    first,
    last,
    classifier,
    featureChannels: channels + LOW_LEVEL_CHANNELS,
    reduceLow: (executor, low) => executor.convBn(reduce, low),
    join: (pyramid, reducedLow) => {
      const [, height, width] = reducedLow.shape
      return tf.concat([upsample(pyramid, { height, width }), reducedLow], 3)
    },
    forward: (executor, joined) => {
      const refined = apply(executor, first, joined, 'decoderFirst')
      return executor.classify(classifier, apply(executor, last, refined, 'decoderLast'))
    },
  }
}
