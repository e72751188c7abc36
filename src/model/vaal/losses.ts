/** What VAAL's networks learn from, each differentiable where it is trained on. */
import * as tf from '@tensorflow/tfjs-core'
import { logisticLoss } from '../logistic-loss'
import type { Codes } from './networks'

/** Mean squared difference over all numbers of both images. Differentiable in `decoded`. */
export function reconstructionLoss(decoded: tf.Tensor4D, images: tf.Tensor4D): tf.Scalar {
  return tf.customGrad((x, save) => {
    const difference = tf.sub(x as tf.Tensor, images)
    ;(save as tf.GradSaveFunc)([difference])
    return {
      value: tf.mean(tf.square(difference)),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(saved, tf.mul(dy, 2 / images.size)),
    }
  })(decoded) as tf.Scalar
}

/**
 * Kullback-Leibler divergence of the codes from a standard normal distribution, in nats: summed over z, averaged over
 * the batch. Differentiable in both.
 */
export function divergenceLoss({ mu, logvar }: Codes): tf.Scalar {
  const [items] = mu.shape
  return tf.customGrad((m, v, save) => {
    const [mean, logarithm] = [m, v] as tf.Tensor[]
    const surplus = tf.sub(tf.exp(logarithm), 1)
    ;(save as tf.GradSaveFunc)([mean, surplus])
    const sum = tf.sum(tf.sub(tf.add(tf.square(mean), surplus), logarithm))
    return {
      value: tf.mul(sum, 0.5 / items),
      gradFunc: (dy: tf.Tensor, [saved, rest]: tf.Tensor[]) => [
        tf.mul(saved, tf.mul(dy, 1 / items)),
        tf.mul(rest, tf.mul(dy, 0.5 / items)),
      ],
    }
  })(mu, logvar) as tf.Scalar
}

/**
 * Mean over the batch of the binary cross-entropy of "labelled".
 * @param logits [N, 1]. Differentiable
 * @param target 1 for labelled, 0 for unlabelled
 */
export function adversarialLoss(logits: tf.Tensor2D, target: 0 | 1): tf.Scalar {
  return tf.customGrad((x, save) => {
    const given = x as tf.Tensor2D
    ;(save as tf.GradSaveFunc)([tf.sub(tf.sigmoid(given), target)])
    return {
      value: tf.mean(logisticLoss(given, target)),
      gradFunc: (dy: tf.Tensor, [slope]: tf.Tensor[]) => tf.mul(slope, tf.mul(dy, 1 / logits.size)),
    }
  })(logits) as tf.Scalar
}

/**
 * Draws a code from each distribution: mu + noise * exp(logvar / 2). Differentiable in both.
 * @param noise standard normal numbers [N, z]
 */
export function drawCodes({ mu, logvar }: Codes, noise: tf.Tensor2D): tf.Tensor2D {
  return tf.customGrad((m, v, save) => {
    const offset = tf.mul(noise, tf.exp(tf.mul(v as tf.Tensor, 0.5)))
    ;(save as tf.GradSaveFunc)([offset])
    return {
      value: tf.add(m as tf.Tensor, offset),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => [tf.clone(dy), tf.mul(dy, tf.mul(saved, 0.5))],
    }
  })(mu, logvar) as tf.Tensor2D
}
