/**
 * What the averaged network teaches the one in training: where nobody labelled a pixel and it is sure, its prediction is the label
 * (mean teacher, Tarvainen and Valpola 2017, with hard labels and on the same image). Nothing is read back from the device.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { TrainingConfig } from '../domain/config'
import { IGNORE } from '../domain/labels'
import { pixelStatistics } from '../kernels/committee/pixel-statistics'
import { foldLayers, inferenceExecutor } from './executors'
import type { Batch } from './images'
import { forwardSegmentation, type Network } from './network'
import type { Weights } from './parameters'

/** Least probability with which a teacher is sure, unless told. */
const THRESHOLD = 0.95

type Taught = Pick<Batch, 'labels' | 'weights'> & {
  /** Sum of the weights, at least 1. */
  totalWeight: tf.Scalar
}

/**
 * Labels and weights of the batch with what the teacher adds; they belong to the caller. Its dropout is off, its normalisations
 * take running statistics.
 */
export function teach(network: Network, teacher: Weights, batch: Batch, training: TrainingConfig): Taught {
  return tf.tidy(() => {
    const folded = foldLayers(network, teacher)
    const { logits } = forwardSegmentation(network, inferenceExecutor(folded), batch.images)
    folded.dispose()
    const [, height, width] = batch.labels.shape
    return addLabels(batch, pixelStatistics(logits, { height, width }), training)
  })
}

/**
 * The rule: a pixel of label 255 whose confidence is the threshold or more gets the prediction, with the weight of the settings.
 * All others stay as they are; so does padding around an image, whose three channels are 0: no byte is, once normalised.
 */
export function addLabels(
  { images, labels, weights }: Pick<Batch, 'images' | 'labels' | 'weights'>,
  { prediction, confidence }: { prediction: tf.Tensor3D; confidence: tf.Tensor3D },
  { consistencyWeight = 0, consistencyThreshold = THRESHOLD }: TrainingConfig,
): Taught {
  return tf.tidy(() => {
    const isIgnored = tf.step(tf.sub(labels, IGNORE - 0.5))
    const isUnsure = tf.step(tf.sub(consistencyThreshold, confidence))
    const isImage = tf.step(tf.sum(tf.square(images), 3))
    const isTaught = tf.mul(tf.mul(isIgnored, isImage), tf.sub(1, isUnsure))
    const changes = tf.mul(isTaught, tf.sub(prediction, labels))
    // A pixel of label 255 weighs nothing before.
    const taughtWeights = tf.add(weights, tf.mul(isTaught, consistencyWeight)) as tf.Tensor3D
    // Row by row: a processor's sum of all pixels, one after the other, would lose digits.
    const total = tf.sum(tf.sum(tf.sum(taughtWeights, 2), 1))
    return {
      labels: tf.cast(tf.add(labels, changes), 'int32') as tf.Tensor3D,
      weights: taughtWeights,
      totalWeight: tf.add(tf.relu(tf.sub(total, 1)), 1) as tf.Scalar,
    }
  })
}
