/** An encoder as the pyramid, the decoder and the rating head see it, whichever of the five it is. */
import type * as tf from '@tensorflow/tfjs-core'
import type { ConvBnLayer, Executor } from './layers'

export interface Encoder {
  layers: ConvBnLayer[]
  /** Input size over the size of the high map, rounded up. */
  outputStride: 8 | 16
  highChannels: number
  lowChannels: number
  tapChannels: number[]
  /**
   * [N, H, W, 3] -> high [N, H/outputStride, W/outputStride, highChannels], low [N, H/4, W/4, lowChannels], six taps.
   */
  forward(executor: Executor, images: tf.Tensor4D): EncoderOutput
}

/** What logits are made of. */
export interface SegmentationMaps {
  high: tf.Tensor4D
  low: tf.Tensor4D
}

export interface EncoderOutput extends SegmentationMaps {
  taps: tf.Tensor4D[]
}
