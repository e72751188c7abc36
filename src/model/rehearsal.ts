/** Goes once through all that a run will ask of the engine, for `compileAhead`, in which nothing is computed. */
import * as tf from '@tensorflow/tfjs-core'
import { attentionProfile } from '../cpral/gaussian-attention'
import { hasAdversary, METHODS } from '../cpral/methods'
import { imagesRatedTogether } from '../cpral/panoptic-matching'
import type { CpralConfig } from '../domain/config'
import { queryResult } from '../kernels/committee/query-result'
import { stackSamples } from '../loader/batch'
import { cropSize } from '../loader/crop'
import { randomStream } from '../math/random'
import { rehearseClassScores } from './class-scores'
import { foldParameters } from './executors'
import { type Batch, batchTensors } from './images'
import { featuresOf, ratingsOf, statisticsOf } from './inference'
import type { Network } from './network'
import { inferenceWeights, type Parameters } from './parameters'
import { queryMaps, uncertaintyOf } from './query'
import { trainStep } from './train-step'
import { trainingDropouts } from './training'
import { rehearseAdversary } from './vaal/training'

/** A batch of black images, in the size of the run's batches. */
function rehearsalBatch({ seed, size, training }: CpralConfig): Batch {
  const { height, width } = cropSize(size, training)
  const pixels = height * width
  const [rgb, classes, provenance] = [new Uint8Array(3 * pixels), new Uint8Array(pixels), new Uint8Array(pixels)]
  const samples = Array.from({ length: training.batchSize }, () => ({ rgb, classes, provenance }))
  const arrays = stackSamples(samples, { height, width }, training, randomStream(seed, 'rehearsal'))
  return batchTensors(arrays, { height, width })
}

/**
 * Training steps before and after the taps are detached, evaluation, and the method's passes over unlabelled images.
 */
export function rehearse(network: Network, parameters: Parameters, config: CpralConfig): void {
  const { size, training } = config
  const pixels = size.height * size.width
  const [rgb, classes] = [new Uint8Array(3 * pixels), new Uint8Array(pixels)]
  const batch = rehearsalBatch(config)
  const dropout = {
    layers: trainingDropouts(config),
    seed: config.seed,
    firstPass: 0,
    factor: training.dropoutFactor ?? 1,
  }
  const method = METHODS[config.selection.method]
  for (const areTapsDetached of training.ratingDetachAt > 0 ? [false, true] : [true]) {
    const settings = {
      config: training,
      learningRate: 0,
      roundStep: 0,
      dropout,
      areTapsDetached,
      ratingLoss: method.ratingLoss,
    }
    trainStep(network, parameters, batch, settings).dispose()
  }
  tf.dispose([batch.images, batch.labels, batch.weights])
  const folded = foldParameters(network, inferenceWeights(parameters))
  const committee = { network, folded, config }
  const { prediction, confidence, margin, entropy } = statisticsOf(committee, rgb)
  tf.dispose([prediction, confidence, margin, entropy])
  if (method.imageScore === 'rating' || method.imageScore === 'ta-vaal') {
    const rgbs = Array.from({ length: imagesRatedTogether(size) }, () => rgb)
    ratingsOf(committee, parameters, rgbs).dispose()
  }
  if (method.imageScore === 'mc-dropout' || method.imageScore === 'bald') {
    uncertaintyOf(committee, rgb, config.seed).dispose()
  }
  if (hasAdversary(method)) {
    rehearseAdversary(config, method.imageScore === 'ta-vaal')
  }
  if (method.imageScore === 'core-set') featuresOf(committee, rgb).dispose()
  if (method.usesRegions && method.regionScore === 'vote-entropy') {
    const { regionSide, attentionSigma } = config.selection
    const maps = queryMaps(committee, {
      rgb,
      seed: config.seed,
      vote: config.monteCarlo.vote,
      labelled: classes,
      attentionProfile: attentionProfile(regionSide, attentionSigma),
      regionSide,
    })
    const labelledSums = new Uint32Array((size.height + 1) * (size.width + 1))
    tf.dispose([maps.entropy, maps.attention, queryResult(maps.entropy, maps.attention, labelledSums, regionSide)])
  }
  rehearseClassScores(committee, parameters)
  folded.dispose()
}
