/**
 * Scores of an image's windows class by class, for methods that look at the whole pool: the encoder runs once for the
 * committee, the plain prediction and the rating, and all results come back in one read.
 */
import * as tf from '@tensorflow/tfjs-core'
import { profileOf } from '../cpral/gaussian-attention'
import { METHODS } from '../cpral/methods'
import { poolRule } from '../cpral/pool-rules'
import { windowStride } from '../cpral/window-grid'
import { classWindows } from '../kernels/committee/class-windows'
import { pixelStatistics } from '../kernels/committee/pixel-statistics'
import { voteEntropy } from '../kernels/committee/vote-entropy'
import type { ClassScoreRequest, ClassScoreResult } from '../loop/learner'
import { quantize } from '../math/quantize'
import type { SegmentationMaps } from './encoder'
import { inferenceExecutor } from './executors'
import { inputTensor } from './images'
import { rate } from './inference'
import { committeeLogitsOf } from './monte-carlo'
import { segment } from './network'
import type { Weights } from './parameters'
import { type Committee, maskLabelled } from './query'

/** Uncertainty and what a map of it shows, [H, W] each, before labels are taken out. */
function uncertaintyMaps(
  { network, folded, config }: Committee,
  maps: SegmentationMaps,
  logits: tf.Tensor4D,
  { uncertainty, seed, vote }: ClassScoreRequest,
): { whole: tf.Tensor2D; shown: tf.Tensor2D } {
  const { height, width } = config.size
  if (uncertainty === 'votes') {
    const votes = tf.tidy(() => voteEntropy(committeeLogitsOf(network, folded, maps, config, seed), config.size, vote))
    return { whole: votes, shown: votes }
  }
  const { confidence, margin, entropy } = pixelStatistics(logits, config.size)
  const shown = tf.reshape(entropy, [height, width]) as tf.Tensor2D
  if (uncertainty === 'entropy') return { whole: shown, shown }
  const ratio = tf.tidy(() => tf.div(tf.sub(confidence, margin), confidence))
  return { whole: tf.reshape(ratio, [height, width]), shown }
}

/** Masses [windows * C], shares [C], the rating and the map, one behind the other; those not wanted are left out. */
function scoreTensor(committee: Committee, weights: Pick<Weights, 'values'>, request: ClassScoreRequest): tf.Tensor1D {
  const { network, folded, config } = committee
  const { rgb, labelled, attentionProfile, regionSide, wantsRating, wantsMap } = request
  return tf.tidy(() => {
    const executor = inferenceExecutor(folded)
    const { taps, ...maps } = tf.tidy(() => ({
      ...network.encoder.forward(executor, inputTensor(rgb, config.size)),
    }))
    const rating = wantsRating ? [rate(network, weights, taps)] : []
    const logits = tf.tidy(() => segment(network, executor, maps))
    const { whole, shown } = uncertaintyMaps(committee, maps, logits, request)
    const unlabelled = (map: tf.Tensor2D) => (labelled ? maskLabelled(map, labelled) : map)
    const sum = attentionProfile.reduce((total, value) => total + value, 0)
    const mean = attentionProfile.map((value) => value / sum)
    const windows = classWindows(logits, unlabelled(whole), mean, windowStride(regionSide))
    const parts = [windows, ...rating, ...(wantsMap ? [unlabelled(shown)] : [])]
    return tf.concat(parts.map((part) => tf.reshape(part, [-1]) as tf.Tensor1D))
  })
}

export async function classScoresOf(
  committee: Committee,
  weights: Pick<Weights, 'values'>,
  request: ClassScoreRequest,
): Promise<ClassScoreResult> {
  const { config, network } = committee
  const tensor = scoreTensor(committee, weights, request)
  const values = await tensor.data<'float32'>()
  tensor.dispose()
  const map = request.wantsMap ? config.size.height * config.size.width : 0
  const end = values.length - map
  const windows = end - Number(request.wantsRating)
  return {
    masses: values.slice(0, windows - network.classes),
    classShares: values.slice(windows - network.classes, windows),
    rating: request.wantsRating ? values[windows] : null,
    map: request.wantsMap ? quantize(values.subarray(end)) : null,
  }
}

/** Asks of the engine what `classScoresOf` will ask, where the run's method needs it. */
export function rehearseClassScores(committee: Committee, weights: Pick<Weights, 'values'>): void {
  const { seed, selection, size, monteCarlo } = committee.config
  const method = METHODS[selection.method]
  const rule = poolRule(method)
  if (!rule) return
  const pixels = size.height * size.width
  scoreTensor(committee, weights, {
    rgb: new Uint8Array(3 * pixels),
    seed,
    vote: monteCarlo.vote,
    labelled: new Uint8Array(pixels),
    uncertainty: rule.uncertainty,
    attentionProfile: profileOf(method, selection),
    regionSide: selection.regionSide,
    wantsRating: rule.usesRating,
    wantsMap: true,
  }).dispose()
}
