/** One optimizer step: forward, masked cross-entropy plus ranking loss, gradients, SGD, running statistics (spec section 5). */
import * as tf from '@tensorflow/tfjs'
import type { TrainingConfig } from '../cpral/config'
import { crossEntropySums } from '../kernels/cross-entropy/cross-entropy'
import { sgdStep } from '../kernels/sgd/sgd'
import { upsample } from '../kernels/upsample/upsample'
import { type ActiveDropout, type BatchStatistics, trainingExecutor } from './executors'
import type { Batch } from './images'
import { forwardSegmentation, type Network } from './network'
import type { Parameters } from './parameters'
import { poolTaps, rankingLoss } from './rating-head'

/** BN's running averages keep this share of the old value each step (PyTorch's momentum 0.1). */
const RUNNING_MOMENTUM = 0.9

export interface StepSettings {
  config: TrainingConfig
  learningRate: number
  dropout: ActiveDropout
  /** The rating loss no longer reaches the encoder. */
  areTapsDetached: boolean
}

/** Trains on one batch in place; returns the total loss (a scalar tensor that belongs to the caller). */
export function trainStep(network: Network, parameters: Parameters, batch: Batch, settings: StepSettings): tf.Scalar {
  const statistics: BatchStatistics[] = []
  const kept: { taps: tf.Tensor2D[]; imageLosses: tf.Tensor1D | null } = { taps: [], imageLosses: null }
  const totalWeight = batch.weightSums.reduce((sum, value) => sum + value, 0)
  const isValid = batch.weightSums.map((sum) => sum > 0)
  const parameter = (name: string) => parameters.values.get(name) as tf.Tensor
  const rate = (taps: tf.Tensor2D[], imageLosses: tf.Tensor1D) =>
    tf.mul(rankingLoss(network.ratingHead.forward(parameter, taps), imageLosses, isValid), settings.config.ratingWeight)

  const segmentationLoss = () => {
    const executor = trainingExecutor(parameters, settings.dropout, statistics)
    const { logits, taps } = forwardSegmentation(network, executor, batch.images)
    const [, height, width] = batch.images.shape
    const sums = crossEntropySums(upsample(logits, { height, width }), batch.labels, batch.weights)
    const loss = tf.div(tf.sum(sums), Math.max(totalWeight, 1))
    const imageLosses = tf.div(sums, tf.tensor1d(batch.weightSums.map((sum) => Math.max(sum, 1)))) as tf.Tensor1D
    const pooled = poolTaps(taps)
    if (!settings.areTapsDetached) return tf.add(loss, rate(pooled, imageLosses)) as tf.Scalar
    kept.taps = pooled.map((tap) => tf.keep(tap))
    kept.imageLosses = tf.keep(imageLosses)
    return loss as tf.Scalar
  }

  const isRating = (name: string) => name.startsWith('rating.')
  const names = [...parameters.values.keys()]
  const joint = names.filter((name) => !settings.areTapsDetached || !isRating(name))
  let loss = applyGradients(parameters, joint, segmentationLoss, settings)
  if (settings.areTapsDetached) {
    // The head alone learns from the pooled taps: no gradient, not even a zero one, flows into the encoder.
    const { taps, imageLosses } = kept
    const ratingLoss = () => rate(taps, imageLosses as tf.Tensor1D) as tf.Scalar
    const rating = applyGradients(parameters, names.filter(isRating), ratingLoss, settings)
    const total = tf.add(loss, rating) as tf.Scalar
    tf.dispose([loss, rating, ...taps])
    imageLosses?.dispose()
    loss = total
  }
  updateRunningStatistics(parameters, statistics)
  return loss
}

function applyGradients(
  parameters: Parameters,
  names: string[],
  lossFunction: () => tf.Scalar,
  { config, learningRate }: StepSettings,
): tf.Scalar {
  const variables = names.map((name) => parameters.values.get(name) as tf.Variable)
  const { value, grads } = tf.variableGrads(lossFunction, variables)
  const groups = new Map(parameters.specs.map((spec) => [spec.name, spec.group]))
  names.forEach((name, i) => {
    const variable = variables[i] as tf.Variable
    const gradient = grads[variable.name]
    if (!gradient) return
    sgdStep(variable, gradient, parameters.velocities.get(name) as tf.Variable, {
      learningRate: learningRate * (groups.get(name) === 'head' ? config.headLrFactor : 1),
      momentum: config.momentum,
      weightDecay: config.weightDecay,
    })
    gradient.dispose()
  })
  return value
}

function updateRunningStatistics(parameters: Parameters, statistics: BatchStatistics[]): void {
  for (const { norm, mean, variance, count } of statistics) {
    const running = parameters.running.get(norm)
    if (!running) throw new Error(`No running statistics for ${norm}`)
    const unbiased = count > 1 ? count / (count - 1) : 1
    tf.tidy(() => {
      running.mean.assign(blend(running.mean, mean, 1))
      running.variance.assign(blend(running.variance, variance, unbiased))
    })
    tf.dispose([mean, variance])
  }
}

function blend(old: tf.Tensor1D, latest: tf.Tensor1D, factor: number): tf.Tensor1D {
  return tf.add(tf.mul(old, RUNNING_MOMENTUM), tf.mul(latest, (1 - RUNNING_MOMENTUM) * factor))
}
