/** Panoptic matching rating (spec section 3; Yoo and Kweon 2019): predicts an image's loss from six encoder taps. */
import * as tf from '@tensorflow/tfjs'
import type { DenseLayer } from './layers'

const HIDDEN = 128

export interface RatingHead {
  layers: DenseLayer[]
  /** Pooled taps, six of [N, C_i], to ratings [N] on an arbitrary scale: only their order means anything. */
  forward(parameter: (name: string) => tf.Tensor, pooledTaps: tf.Tensor2D[]): tf.Tensor1D
}

export function ratingHead(tapChannels: number[]): RatingHead {
  const hidden = tapChannels.map((channels, i) => ({
    name: `rating.tap${i}`,
    inChannels: channels,
    outChannels: HIDDEN,
  }))
  const output = { name: 'rating.output', inChannels: HIDDEN * tapChannels.length, outChannels: 1 }
  return {
    layers: [...hidden, output],
    forward: (parameter, pooledTaps) => {
      const dense = (layer: DenseLayer, x: tf.Tensor2D) =>
        tf.add(
          tf.matMul(x, parameter(`${layer.name}.weight`) as tf.Tensor2D),
          parameter(`${layer.name}.bias`),
        ) as tf.Tensor2D
      const features = pooledTaps.map((x, i) => tf.relu(dense(hidden[i] as DenseLayer, x)))
      return tf.squeeze(dense(output, tf.concat(features, 1)), [1])
    },
  }
}

/** Global average of every tap: [N, h, w, C] -> [N, C]. */
export function poolTaps(taps: tf.Tensor4D[]): tf.Tensor2D[] {
  return taps.map((tap) => tf.mean(tap, [1, 2]))
}

/**
 * Mean over the valid pairs (i, 2B-1-i) of max(0, 1 - s (r_i - r_j)), s = +1 where L_i > L_j else -1.
 * `losses` [2B] is not differentiated. `isValid[i]` is false for an image without valid pixels; without a valid pair the loss is 0.
 */
export function rankingLoss(ratings: tf.Tensor1D, losses: tf.Tensor1D, isValid: boolean[]): tf.Scalar {
  const size = ratings.shape[0]
  const half = size / 2
  const mask = Array.from({ length: half }, (_, i) => (isValid[i] && isValid[size - 1 - i] ? 1 : 0))
  const pairs = mask.reduce<number>((sum, value) => sum + value, 0)
  if (pairs === 0) return tf.scalar(0)
  const pairMask = tf.tensor1d(mask.map((value) => value / pairs))
  const firstHalf = (x: tf.Tensor1D) => tf.slice(x, 0, half)
  const partners = (x: tf.Tensor1D) => tf.slice(tf.reverse(x, 0), 0, half)
  return tf.customGrad((x, save) => {
    const r = x as tf.Tensor1D
    // The losses are captured, not passed: they are constants of this loss.
    const sign = signOf(firstHalf(losses), partners(losses))
    const hinge = tf.relu(tf.sub(1, tf.mul(sign, tf.sub(firstHalf(r), partners(r)))))
    const slope = tf.mul(tf.neg(sign), tf.mul(tf.step(hinge), pairMask)) as tf.Tensor1D
    ;(save as tf.GradSaveFunc)([slope])
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) => {
      const first = tf.mul(saved, dy) as tf.Tensor1D
      return tf.concat([first, tf.neg(tf.reverse(first, 0))])
    }
    return { value: tf.sum(tf.mul(hinge, pairMask)) as tf.Scalar, gradFunc }
  })(ratings) as tf.Scalar
}

/** +1 where a > b, else -1. */
function signOf(a: tf.Tensor1D, b: tf.Tensor1D): tf.Tensor1D {
  return tf.sub(tf.mul(tf.cast(tf.greater(a, b), 'float32'), 2), 1)
}
