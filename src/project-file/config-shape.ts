import { isMethodName } from '../cpral/methods'
import { unknownChoice } from '../cpral/unknown-choice'
import type {
  AdversaryConfig,
  CpralConfig,
  ExtensionConfig,
  MonteCarloConfig,
  NetworkConfig,
  NoiseConfig,
  SelectionConfig,
  TrainingConfig,
} from '../domain/config'
import { ENCODERS, RECIPES } from '../domain/config'
import type { Size } from '../domain/size'
import { boolean, type Check, count, fields, nullable, number, oneOf, optional, text } from '../storage/shape'
import { wrongSetting } from '../study/wrong-setting'

export const isSize = fields<Size>({ height: count, width: count })
export const isEncoder = oneOf(...ENCODERS)

const isNetwork = fields<NetworkConfig>({
  encoder: isEncoder,
  width: number,
  channels: count,
  separable: boolean,
  firstExpansion: boolean,
})

const isTraining = fields<TrainingConfig>({
  epochs: count,
  batchSize: count,
  learningRate: number,
  learningRateDropAt: number,
  learningRateDrop: number,
  momentum: number,
  weightDecay: number,
  headLrFactor: number,
  flipProbability: number,
  blurProbability: number,
  warmStart: boolean,
  extendedWeight: number,
  ratingWeight: number,
  ratingDetachAt: number,
  equalSteps: boolean,
  steps: optional(nullable(count)),
  warmSteps: optional(nullable(count)),
  warmLearningRate: optional(nullable(number)),
  rateRise: optional(number),
  schedule: optional(oneOf('drop', 'poly')),
  nesterov: optional(boolean),
  clipNorm: optional(nullable(number)),
  averaging: optional(nullable(number)),
  scaleLeast: optional(number),
  scaleMost: optional(number),
  cropShare: optional(number),
  drawFrom: optional(oneOf('images', 'labels')),
  dropoutFactor: optional(number),
  classWeightPower: optional(number),
  classWeightCap: optional(number),
})

const isMonteCarlo = fields<MonteCarloConfig>({
  passes: count,
  dropout: oneOf('decoder', 'encoder', 'head'),
  vote: oneOf('hard', 'soft'),
  precision: optional(oneOf('float32', 'float16')),
  chunkShare: optional(number),
})

const isSelection = fields<SelectionConfig>({
  method: (value) => text(value) && isMethodName(value),
  initialImages: count,
  panopticSize: count,
  budgetImages: number,
  rounds: count,
  regionSide: count,
  attentionSigma: number,
  balance: optional(number),
  regionsPerImage: optional(count),
  ratingPrior: optional(number),
  temperature: optional(number),
  classQuota: optional(number),
})

const isExtension = fields<ExtensionConfig>({
  spreads: optional(boolean),
  mode: oneOf('context', 'paper'),
  patch: count,
  stride: count,
  longSide: count,
  appearance: number,
  positionSigma: number,
  threshold: number,
  classShare: number,
  vetoConfidence: number,
})

const isAdversary = fields<AdversaryConfig>({
  imageSide: count,
  latent: count,
  width: number,
  beta: number,
  learningRate: number,
  clipNorm: number,
  autoencoderSteps: count,
  steps: nullable(count),
})

const isNoise = fields<NoiseConfig>({
  kind: oneOf('symmetric', 'missing', 'random', 'mixed'),
  share: number,
  unit: oneOf('pixel', 'segment'),
})

/**
 * What of a run in a file this version does not know, or finds out of its range, in words that follow "a run"; null when
 * it is only damaged, or right.
 */
export function foreignPart(run: unknown): string | null {
  const config = object(run) && 'config' in run ? run.config : null
  if (!object(config)) return null
  const { selection, training, extension } = config as Partial<CpralConfig>
  if (!object(selection) || !object(training) || !object(extension)) return null
  const unknown = unknownChoice({ ...config, selection })
  if (unknown) return `by ${unknown}, which this version of the studio does not know`
  const wrong = wrongSetting({ selection, training, extension })
  return wrong && `whose setting ${wrong.fact}, and it must be ${wrong.expects}`
}

function object(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

const isShaped = fields<CpralConfig>({
  preset: oneOf('paper', 'light', 'tiny'),
  recipe: optional(oneOf(...RECIPES)),
  annotator: optional(oneOf('oracle', 'person')),
  seed: number,
  size: isSize,
  network: isNetwork,
  weights: nullable(text),
  training: isTraining,
  monteCarlo: isMonteCarlo,
  selection: isSelection,
  extension: isExtension,
  adversary: optional(isAdversary),
  noise: optional(nullable(isNoise)),
})

/** Whether a value is a run's config; whether it can run on a project is another question. */
export const isConfig: Check<CpralConfig> = (value): value is CpralConfig => isShaped(value) && !wrongSetting(value)
