/** The binary cross-entropy by the logit, which stays finite where the probability rounds to 0 or 1. */
import * as tf from '@tensorflow/tfjs-core'

/**
 * -t log(sigmoid(x)) - (1 - t) log(1 - sigmoid(x)) of each element. Not differentiable: whoever trains on it has the slope
 * sigmoid(x) - t at hand.
 * @param targets 0..1, like `logits` or one for all
 */
export function logisticLoss<T extends tf.Tensor>(logits: T, targets: tf.Tensor | number): T {
  const positive = tf.relu(logits)
  const negative = tf.relu(tf.neg(logits))
  const rest = tf.log(tf.add(tf.exp(tf.neg(tf.add(positive, negative))), 1))
  return tf.add(tf.sub(positive, tf.mul(logits, targets)), rest) as T
}
