/** The compared methods (paper, Experiments; ablation Fig. 8; "_R" Fig. 6) as compositions of the same stages. */
import type { Annotator, CpralConfig, ImageScore, MethodName, RecipeName } from '../domain/config'

export interface Method {
  /** Score of the panoptic step; null = no panoptic step. */
  imageScore: ImageScore | null
  /** Which end of the image score is taken. */
  direction: 'highest' | 'lowest'
  /** Regions of the chosen images are annotated; otherwise the chosen images as a whole. */
  usesRegions: boolean
  /** The score by which regions are chosen; unused without regions. */
  regionScore: RegionScore
  /** Window weights of the regional score: Eq. 5, or all ones ("without RGA"). */
  attention: 'gaussian' | 'uniform'
  /** Contextual Labels Extension after annotation, unless the run says otherwise: see `spreadsLabels`. */
  extends: boolean
  /** What the rating head learns: the paper's ranking loss, or which of a pair has the larger loss (TA-VAAL's ranker). */
  ratingLoss: 'margin' | 'cross-entropy'
}

/**
 * By what windows are ranked: the committee's disagreement in them; chance; or chance that looks at the prediction:
 * two thirds of the windows centred on a pixel predicted as a class drawn evenly. The last three look at the whole pool
 * and at classes (ours): vote entropy or margin, in which common classes weigh little; entropy class by class.
 */
export type RegionScore =
  | 'vote-entropy'
  | 'random'
  | 'class-aware'
  | 'balanced-entropy'
  | 'balanced-margin'
  | 'stratified-entropy'

const DIRECTION: Record<ImageScore, Method['direction']> = {
  rating: 'highest',
  random: 'highest',
  entropy: 'highest',
  confidence: 'lowest',
  margin: 'lowest',
  'mc-dropout': 'highest',
  bald: 'highest',
  'core-set': 'highest',
  vaal: 'lowest',
  'ta-vaal': 'lowest',
}

/**
 * The image score alone: the chosen images are annotated as a whole ("rating" is Loss Prediction, the ablation's
 * "Panoptic").
 */
function wholeImages(imageScore: ImageScore): Method {
  return {
    imageScore,
    direction: DIRECTION[imageScore],
    usesRegions: false,
    regionScore: 'vote-entropy',
    attention: 'gaussian',
    extends: false,
    ratingLoss: imageScore === 'ta-vaal' ? 'cross-entropy' : 'margin',
  }
}

/** The image score for the panoptic subset, then vote entropy, attention, regions and extension. */
function regional(imageScore: ImageScore): Method {
  return { ...wholeImages(imageScore), usesRegions: true, extends: true }
}

const CPRAL = regional('rating')
/** Regions of the whole pool, without a panoptic step: the paper's timing comparison. */
const REGION_ONLY: Method = { ...CPRAL, imageScore: null, extends: false }
const RANDOM_REGIONS: Method = { ...REGION_ONLY, regionScore: 'random', attention: 'uniform' }

export const METHODS: Readonly<Record<MethodName, Method>> = {
  cpral: CPRAL,
  'cpral-without-extension': { ...CPRAL, extends: false },
  // The paper removes the parts one after the other: this one is without extension too (Fig. 8).
  'cpral-without-attention': { ...CPRAL, attention: 'uniform', extends: false },
  'region-only': REGION_ONLY,
  'random-regions': RANDOM_REGIONS,
  'random-regions-in-subset': { ...RANDOM_REGIONS, imageScore: 'random' },
  'balanced-entropy': { ...REGION_ONLY, regionScore: 'balanced-entropy' },
  'balanced-margin': { ...REGION_ONLY, regionScore: 'balanced-margin', attention: 'uniform' },
  'stratified-entropy': { ...REGION_ONLY, regionScore: 'stratified-entropy', attention: 'uniform' },
  'class-aware-regions': { ...RANDOM_REGIONS, regionScore: 'class-aware' },
  rating: wholeImages('rating'),
  random: wholeImages('random'),
  entropy: wholeImages('entropy'),
  confidence: wholeImages('confidence'),
  margin: wholeImages('margin'),
  'mc-dropout': wholeImages('mc-dropout'),
  bald: wholeImages('bald'),
  'core-set': wholeImages('core-set'),
  vaal: wholeImages('vaal'),
  'ta-vaal': wholeImages('ta-vaal'),
  'rating-r': regional('rating'),
  'random-r': regional('random'),
  'entropy-r': regional('entropy'),
  'confidence-r': regional('confidence'),
  'margin-r': regional('margin'),
  'mc-dropout-r': regional('mc-dropout'),
  'bald-r': regional('bald'),
  'core-set-r': regional('core-set'),
  'vaal-r': regional('vaal'),
  'ta-vaal-r': regional('ta-vaal'),
}

/** By what a new run asks. The paper's recipe repeats the paper's method; ours takes what our measurements chose. */
const DEFAULT_METHODS: Readonly<Record<RecipeName, Readonly<Record<Annotator, MethodName>>>> = {
  paper: { person: 'cpral', oracle: 'cpral' },
  studio: { person: 'balanced-entropy', oracle: 'balanced-entropy' },
}

export function defaultMethod(annotator: Annotator, recipe: RecipeName): MethodName {
  return DEFAULT_METHODS[recipe][annotator]
}

/** Whether labels spread after annotation: as the run says, otherwise as its method has it. Whole images have nowhere to. */
export function spreadsLabels({ selection, extension }: Pick<CpralConfig, 'selection' | 'extension'>): boolean {
  const method = METHODS[selection.method]
  return method.usesRegions && (extension.spreads ?? method.extends)
}

/** Whether the committee's votes decide what is asked: about images or about regions. */
export function asksCommittee({ imageScore, usesRegions, regionScore }: Method): boolean {
  const byVotes = usesRegions && (regionScore === 'vote-entropy' || regionScore === 'balanced-entropy')
  return imageScore === 'mc-dropout' || imageScore === 'bald' || byVotes
}

/** Whether a discriminator beside the network decides which images are asked about. */
export function hasAdversary({ imageScore }: Method): boolean {
  return imageScore === 'vaal' || imageScore === 'ta-vaal'
}

/** Whether a text, such as a command-line value, is a method's name. */
export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name)
}
