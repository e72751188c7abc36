/** What the pyramid, the decoder and the rating head see of an encoder, whichever it is (spec section 2). */
import type * as tf from '@tensorflow/tfjs'
import type { NetworkConfig } from '../domain/config'
import { drn } from './drn'
import type { ConvBnLayer, Executor } from './layers'
import { mobileNetV2 } from './mobilenetv2'

export interface Encoder {
  layers: ConvBnLayer[]
  /** Input size over the size of the high map, rounded up. */
  outputStride: 8 | 16
  highChannels: number
  lowChannels: number
  tapChannels: number[]
  /** [N, H, W, 3] -> high [N, H/outputStride, W/outputStride, highChannels], low [N, H/4, W/4, lowChannels], six taps. */
  forward(executor: Executor, images: tf.Tensor4D): EncoderOutput
}

export interface EncoderOutput {
  high: tf.Tensor4D
  low: tf.Tensor4D
  taps: tf.Tensor4D[]
}

export function buildEncoder(config: NetworkConfig): Encoder {
  return config.encoder === 'mobilenetv2' ? mobileNetV2(config) : drn(config.encoder, config.width)
}
