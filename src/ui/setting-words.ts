/** Names of a run's settings on the screen, and their values in words. */
import { isEncoderName, type PresetName } from '../domain/config'
import type { SettingPath, SettingValue } from '../state/comparison'
import { DROPOUT_NAMES, ENCODER_NAMES, methodName, PRESET_TEXTS } from './words'

export const SETTING_NAMES: Readonly<Record<SettingPath, string>> = {
  preset: 'Preset',
  recipe: 'Recipe',
  annotator: 'Who labels',
  seed: 'Seed',
  'size.height': 'Input height',
  'size.width': 'Input width',
  'network.encoder': 'Encoder',
  'network.width': 'Width of the encoder',
  'network.channels': 'Channels of the decoder',
  'network.separable': 'Separable convolutions',
  'network.firstExpansion': 'Expansion in the first block',
  weights: 'Initial weights',
  'training.epochs': 'Epochs',
  'training.batchSize': 'Batch size',
  'training.learningRate': 'Learning rate',
  'training.learningRateDropAt': 'Learning rate drops at',
  'training.learningRateDrop': 'Learning rate drops to',
  'training.momentum': 'Momentum',
  'training.weightDecay': 'Weight decay',
  'training.headLrFactor': 'Head rate factor',
  'training.flipProbability': 'Chance of mirroring',
  'training.blurProbability': 'Chance of blurring',
  'training.warmStart': "Continues from the last round's weights",
  'training.extendedWeight': 'Weight of extended labels',
  'training.ratingWeight': 'Weight of the rating loss',
  'training.ratingDetachAt': 'Rating head leaves the encoder alone at',
  'training.equalSteps': 'Equal steps for every method',
  'training.steps': 'Steps a round',
  'training.warmSteps': 'Steps of later rounds',
  'training.warmLearningRate': 'Learning rate of later rounds',
  'training.rateRise': 'Steps in which the learning rate rises',
  'training.schedule': 'Learning rate falls',
  'training.nesterov': "Nesterov's momentum",
  'training.clipNorm': 'Largest gradient norm',
  'training.averaging': 'Share that averaged weights keep',
  'training.scaleLeast': 'Least scale',
  'training.scaleMost': 'Largest scale',
  'training.cropShare': 'Share of an image that a step sees, a side',
  'training.drawFrom': 'Images are drawn by',
  'training.dropoutFactor': 'Factor on dropout in training',
  'training.classWeightPower': 'Power of class weights',
  'training.classWeightCap': 'Largest class weight',
  'monteCarlo.passes': 'Monte-Carlo passes',
  'monteCarlo.dropout': 'Dropout in the passes',
  'monteCarlo.vote': 'Votes',
  'monteCarlo.precision': 'Precision on WebGPU',
  'monteCarlo.chunkShare': 'Passes at once',
  'selection.method': 'Method',
  'selection.initialImages': 'Initial images',
  'selection.panopticSize': 'Panoptic size',
  'selection.budgetImages': 'Budget a round',
  'selection.rounds': 'Rounds',
  'selection.regionSide': 'Region side',
  'selection.attentionSigma': 'Attention sigma',
  'selection.balance': 'Balance of classes',
  'selection.regionsPerImage': 'Regions an image at most',
  'selection.ratingPrior': 'Weight of the rating',
  'selection.temperature': 'Temperature of the choice',
  'selection.classQuota': 'Share divided among classes',
  'extension.spreads': 'Labels spread',
  'extension.mode': 'Label extension',
  'extension.patch': 'Patch of the extension',
  'extension.stride': 'Stride of the extension',
  'extension.longSide': 'Long side for the extension',
  'extension.appearance': 'Weight of appearance',
  'extension.positionSigma': 'Reach of the extension',
  'extension.threshold': 'Threshold of the extension',
  'extension.classShare': 'Least share of a class that spreads',
  'extension.vetoConfidence': 'Confidence that forbids an extension',
  'adversary.imageSide': "Side of VAAL's images",
  'adversary.latent': "Numbers in VAAL's code",
  'adversary.width': "Width of VAAL's autoencoder",
  'adversary.beta': 'Weight of the divergence (VAAL)',
  'adversary.learningRate': "VAAL's learning rate",
  'adversary.clipNorm': 'Largest gradient norm (VAAL)',
  'adversary.autoencoderSteps': "VAAL's autoencoder steps",
  'adversary.steps': "VAAL's steps a round",
  'noise.kind': 'Label noise',
  'noise.share': 'Share of wrong labels',
  'noise.unit': 'Wrong as a whole',
}

/** Values that have a name of their own, by setting. */
const VALUE_NAMES: Partial<Record<SettingPath, Readonly<Record<string, string>>>> = {
  recipe: { studio: 'studio', paper: "the paper's" },
  annotator: { oracle: 'the oracle', person: 'you' },
  'training.schedule': { drop: 'once, to a tenth', poly: 'step by step, to zero' },
  'training.drawFrom': { images: 'all images alike', labels: 'their labelled pixels' },
  'monteCarlo.dropout': DROPOUT_NAMES,
  'monteCarlo.vote': { hard: 'hard', soft: 'soft' },
  'monteCarlo.precision': { float32: 'single', float16: 'half' },
  'extension.mode': { context: 'context and appearance', paper: 'to the letter of the paper' },
  'noise.unit': { pixel: 'a pixel', segment: 'a segment' },
}

/** What stands for a setting that a run has not. */
const ABSENT: Partial<Record<SettingPath, string>> = {
  weights: 'from scratch',
  'training.steps': 'by epochs',
  'training.warmSteps': 'as many as of the first',
  'adversary.steps': "the network's",
  'training.warmLearningRate': "the first round's",
  'training.clipNorm': 'any',
  'training.averaging': 'none are averaged',
  'training.classWeightCap': 'all weigh alike',
  'extension.spreads': 'as the method has it',
  'noise.kind': 'none',
}

export interface WeightsName {
  key: string
  name: string
}

/** @param weights names of weights files; others are known by the beginning of their SHA-256 */
export function settingText(path: SettingPath, value: SettingValue, weights: readonly WeightsName[] = []): string {
  if (value === null) return ABSENT[path] ?? '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return numberText(path, value)
  if (path === 'selection.method') return methodName(value)
  if (path === 'preset') return PRESET_TEXTS[value as PresetName]?.name ?? value
  if (path === 'network.encoder') return isEncoderName(value) ? ENCODER_NAMES[value] : value
  if (path === 'weights') return weights.find(({ key }) => key === value)?.name ?? value.slice(0, 12)
  return VALUE_NAMES[path]?.[value] ?? value
}

/** Shares 0..1, which are shown in percent. */
const SHARES: readonly SettingPath[] = [
  'noise.share',
  'training.learningRateDropAt',
  'training.ratingDetachAt',
  'training.averaging',
  'training.cropShare',
  'training.rateRise',
  'selection.classQuota',
]

/** What a number counts, where its setting's name does not say it. */
const UNITS: Partial<Record<SettingPath, string>> = {
  'size.height': 'pixels',
  'size.width': 'pixels',
  'training.scaleLeast': 'times',
  'training.scaleMost': 'times',
  'selection.regionSide': 'pixels',
  'selection.budgetImages': 'image areas',
  'selection.panopticSize': 'images',
  'selection.ratingPrior': 'standard deviations',
}

function numberText(path: SettingPath, value: number): string {
  if (SHARES.includes(path)) return `${Number((100 * value).toPrecision(3))}\u00a0%`
  const unit = UNITS[path]
  return unit ? `${value}\u00a0${unit}` : String(value)
}
