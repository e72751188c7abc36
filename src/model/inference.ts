/** The trained network on images, without dropout: statistics of pixels, ratings, features. */
import * as tf from '@tensorflow/tfjs-core'
import { type PixelStatistics, pixelStatistics } from '../kernels/committee/pixel-statistics'
import { inferenceExecutor } from './executors'
import { inputTensor } from './images'
import { forwardSegmentation, type Network } from './network'
import type { Weights } from './parameters'
import type { Committee } from './query'
import { poolTaps } from './rating-head'

/** Maps [1, H, W] of one image; they belong to the caller. */
export function statisticsOf({ network, folded, config }: Committee, rgb: Uint8Array): PixelStatistics {
  const logits = tf.tidy(
    () => forwardSegmentation(network, inferenceExecutor(folded), inputTensor(rgb, config.size)).logits,
  )
  const maps = pixelStatistics(logits, config.size)
  logits.dispose()
  return maps
}

/** Predicted losses [N] of N images. */
export function ratingsOf(
  { network, folded, config }: Committee,
  weights: Pick<Weights, 'values'>,
  rgbs: readonly Uint8Array[],
): tf.Tensor1D {
  return tf.tidy(() => {
    const images = tf.concat(rgbs.map((rgb) => inputTensor(rgb, config.size)))
    const { taps } = network.encoder.forward(inferenceExecutor(folded), images)
    return rate(network, weights, taps)
  })
}

/** Predicted losses [N] of images whose taps are given. */
export function rate(network: Network, { values }: Pick<Weights, 'values'>, taps: tf.Tensor4D[]): tf.Tensor1D {
  return network.ratingHead.forward((name) => values.get(name) as tf.Tensor, poolTaps(taps))
}

/** Global average [1, C] of the decoder's concatenated features. */
export function featuresOf({ network, folded, config }: Committee, rgb: Uint8Array): tf.Tensor2D {
  return tf.tidy(() => {
    const executor = inferenceExecutor(folded)
    const { high, low } = network.encoder.forward(executor, inputTensor(rgb, config.size))
    const pyramid = network.aspp.forward(executor, high)
    return tf.mean(network.decoder.join(pyramid, network.decoder.reduceLow(executor, low)), [1, 2])
  })
}
