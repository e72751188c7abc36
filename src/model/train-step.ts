/**
 * One optimizer step: forward, masked cross-entropy plus the rating head's loss, gradients, SGD, running statistics. The paper's
 * Overall Pipeline gives the total loss; docs/numerics.md says what it leaves open.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Method } from '../cpral/methods'
import type { TrainingConfig } from '../domain/config'
import { crossEntropySums } from '../kernels/loss/cross-entropy'
import { type ActiveDropout, type BatchStatistics, trainingExecutor } from './executors'
import type { Batch } from './images'
import { forwardSegmentation, type Network } from './network'
import type { Parameters } from './parameters'
import { pairWeights, poolTaps, rankerLoss, rankingLoss } from './rating-head'

export interface StepSettings {
  config: TrainingConfig
  learningRate: number
  /** Steps that the round took before. */
  roundStep: number
  /** The round began with the last one's network, whose averages go on too; absent: it did not. */
  isContinued?: boolean
  dropout: ActiveDropout
  /** The rating loss no longer reaches the encoder. */
  areTapsDetached: boolean
  ratingLoss: Method['ratingLoss']
}

/** Trains on one batch in place; returns the total loss (a scalar tensor that belongs to the caller). */
export function trainStep(network: Network, parameters: Parameters, batch: Batch, settings: StepSettings): tf.Scalar {
  const statistics: BatchStatistics[] = []
  const kept: { taps: tf.Tensor2D[]; imageLosses: tf.Tensor1D | null } = { taps: [], imageLosses: null }
  const totalWeight = batch.weightSums.reduce((sum, value) => sum + value, 0)
  const isValid = batch.weightSums.map((sum) => sum > 0)
  const parameter = (name: string) => parameters.values.get(name) as tf.Tensor
  const lossOfRatings = settings.ratingLoss === 'margin' ? rankingLoss : rankerLoss
  const rate = (taps: tf.Tensor2D[], imageLosses: tf.Tensor1D) =>
    tf.mul(
      lossOfRatings(network.ratingHead.forward(parameter, taps), imageLosses, isValid),
      settings.config.ratingWeight,
    )

  const segmentationLoss = () => {
    const executor = trainingExecutor(parameters, settings.dropout, statistics)
    const { logits, taps } = forwardSegmentation(network, executor, batch.images)
    const sums = crossEntropySums(logits, batch.labels, batch.weights)
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
  const gradients = new Map<string, tf.Tensor>()
  const loss = parameters.arena.gather(() => {
    const joint = names.filter((name) => !settings.areTapsDetached || !isRating(name))
    const total = collectGradients(parameters, joint, segmentationLoss, gradients)
    if (!settings.areTapsDetached) return total
    // The head alone learns from the pooled taps: no gradient, not even a zero one, flows into the encoder.
    const { taps, imageLosses } = kept
    const ratingLoss = () => rate(taps, imageLosses as tf.Tensor1D) as tf.Scalar
    const rating = pairWeights(isValid)
      ? collectGradients(parameters, names.filter(isRating), ratingLoss, gradients)
      : tf.scalar(0)
    const sum = tf.add(total, rating) as tf.Scalar
    tf.dispose([total, rating, ...taps])
    imageLosses?.dispose()
    return sum
  })
  applyGradients(parameters, gradients, settings)
  const moments = new Map(statistics.map((entry) => [entry.norm, entry]))
  parameters.arena.average([...parameters.running.keys()].map((norm) => moments.get(norm)))
  parameters.averages?.update(settings.isContinued ? Number.POSITIVE_INFINITY : settings.roundStep + 1)
  return loss
}

/** @param gradients gets one entry for each of `names` that the loss depends on. */
function collectGradients(
  parameters: Parameters,
  names: string[],
  lossFunction: () => tf.Scalar,
  gradients: Map<string, tf.Tensor>,
): tf.Scalar {
  const variables = names.map((name) => parameters.values.get(name) as tf.Variable)
  const { value, grads } = tf.variableGrads(lossFunction, variables)
  names.forEach((name, i) => {
    const gradient = grads[variables[i].name]
    if (gradient) gradients.set(name, gradient)
  })
  return value
}

function applyGradients(
  { specs, arena }: Parameters,
  gradients: Map<string, tf.Tensor>,
  { config, learningRate }: StepSettings,
): void {
  const rates = specs.map(({ group }) => learningRate * (group === 'head' ? config.headLrFactor : 1))
  arena.step(
    specs.map(({ name }) => gradients.get(name)),
    rates,
    config,
  )
}
