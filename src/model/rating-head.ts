/**
 * Panoptic matching rating (the paper's Overall Pipeline): predicts an image's loss from six of the encoder's maps, its
 * taps. The head is that of Learning Loss (Yoo and Kweon 2019).
 */
import * as tf from '@tensorflow/tfjs-core'
import { globalMean } from '../kernels/layers/channel-sums'
import { dense } from '../kernels/layers/dense'
import { rankingLossOfPairs } from '../kernels/loss/ranking-loss'
import type { DenseLayer } from './layers'
import { logisticLoss } from './logistic-loss'

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
      const run = ({ name }: DenseLayer, x: tf.Tensor2D, activation: 'none' | 'relu') => {
        const weights = parameter(`${name}.weight`) as tf.Tensor2D
        return dense(x, weights, parameter(`${name}.bias`) as tf.Tensor1D, activation)
      }
      const features = pooledTaps.map((x, i) => run(hidden[i] as DenseLayer, x, 'relu'))
      return tf.reshape(run(output, tf.concat(features, 1), 'none'), [-1])
    },
  }
}

/** Global average of every tap: [N, h, w, C] -> [N, C]. */
export function poolTaps(taps: tf.Tensor4D[]): tf.Tensor2D[] {
  return taps.map(globalMean)
}

/**
 * Mean over the valid pairs (i, 2B-1-i) of max(0, 1 - s (r_i - r_j)), s = +1 where L_i > L_j else -1. `losses` [2B] is
 * not differentiated. `isValid[i]` is false for an image without valid pixels; without a valid pair the loss is 0.
 */
export function rankingLoss(ratings: tf.Tensor1D, losses: tf.Tensor1D, isValid: boolean[]): tf.Scalar {
  const weights = pairWeights(isValid)
  return weights ? rankingLossOfPairs(ratings, losses, tf.tensor1d(weights)) : tf.scalar(0)
}

/**
 * TA-VAAL's ranker (Kim et al. 2021): mean over the valid pairs (i, 2B-1-i) of the binary cross-entropy of
 * sigmoid(r_i - r_j) against [L_i > L_j]. What is differentiated and valid, as for `rankingLoss`.
 */
export function rankerLoss(ratings: tf.Tensor1D, losses: tf.Tensor1D, isValid: boolean[]): tf.Scalar {
  const weights = pairWeights(isValid)
  if (!weights) return tf.scalar(0)
  return tf.customGrad((x, save) => {
    const pairs = tf.tensor1d(weights)
    const lead = leads(x as tf.Tensor1D)
    const isHigher = tf.step(leads(losses))
    ;(save as tf.GradSaveFunc)([tf.mul(pairs, tf.sub(tf.sigmoid(lead), isHigher))])
    const gradFunc = (dy: tf.Tensor, [slope]: tf.Tensor[]) =>
      tf.mul(dy, tf.concat([slope, tf.reverse(tf.neg(slope), 0)]))
    return { value: tf.sum(tf.mul(pairs, logisticLoss(lead, isHigher))), gradFunc }
  })(ratings) as tf.Scalar
}

/** By how much the first of each pair (i, 2B-1-i) is the higher: [2B] -> [B]. */
function leads(values: tf.Tensor1D): tf.Tensor1D {
  const pairs = values.size / 2
  return tf.sub(tf.slice(values, 0, pairs), tf.reverse(tf.slice(values, pairs, pairs), 0))
}

/** 1 / (number of valid pairs) for each valid pair (i, 2B-1-i), 0 for the others; null without a valid pair. */
export function pairWeights(isValid: boolean[]): number[] | null {
  const size = isValid.length
  const mask = Array.from({ length: size / 2 }, (_, i) => (isValid[i] && isValid[size - 1 - i] ? 1 : 0))
  const pairs = mask.reduce<number>((sum, value) => sum + value, 0)
  return pairs === 0 ? null : mask.map((value) => value / pairs)
}
