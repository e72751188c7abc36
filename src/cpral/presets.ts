/**
 * Defaults of every constant, per dataset and preset (paper: Implementation details; where it is silent, ViewAL or
 * ours).
 */
import type {
  AdversaryConfig,
  Annotator,
  CpralConfig,
  ExtensionConfig,
  MonteCarloConfig,
  NetworkConfig,
  NoiseConfig,
  PresetName,
  RecipeName,
  SelectionConfig,
  TrainingConfig,
} from '../domain/config'
import { isDrnName } from '../domain/config'
import type { DatasetFormat } from '../domain/dataset'
import type { EngineName } from '../domain/engine'
import type { ProjectRecord } from '../domain/project'
import type { Size } from '../domain/size'
import { defaultMethod, METHODS } from './methods'
import { poolRule } from './pool-rules'
import {
  DEMO_RULES,
  FROM_SCRATCH_RULES,
  OWN_METHODS_PASSES,
  OWN_METHODS_SPREAD,
  OWN_METHODS_TEMPERATURE,
  RECIPE_RULES,
} from './recipes'

/** Facts about a project, and about what computes, on which its defaults depend. */
export interface DatasetFacts {
  format: DatasetFormat
  source: 'demo' | 'folder'
  /** Images of the train split. */
  trainImages: number
  /** Size of the first image, upright; used when the dataset has no size of its own. */
  imageSize: Size
  /** Absent: as on a graphics card. */
  engine?: EngineName
}

/** @param imageSize of the project's first image, upright */
export function factsOf(
  { format, source, counts }: Pick<ProjectRecord, 'format' | 'source' | 'counts'>,
  imageSize: Size,
  engine?: EngineName,
): DatasetFacts {
  return { format, source, trainImages: counts.train, imageSize, ...(engine && { engine }) }
}

/**
 * Values that replace defaults. Anything absent keeps its default, and a default that depends on a replaced value
 * (region side on size) follows it.
 */
export interface ConfigOverrides {
  recipe?: RecipeName
  annotator?: Annotator
  seed?: number
  size?: Size
  network?: Partial<NetworkConfig>
  weights?: string | null
  training?: Partial<TrainingConfig>
  monteCarlo?: Partial<MonteCarloConfig>
  selection?: Partial<SelectionConfig>
  extension?: Partial<ExtensionConfig>
  adversary?: Partial<AdversaryConfig>
  noise?: NoiseConfig | null
}

/** One column of the paper's protocol: pool sizes as shares of the train images, region side at a reference size. */
interface Protocol {
  /** Input size at which `regionSide` is given; null where the images decide. */
  size: Size | null
  /** Region side w at the reference size; a quarter of the short side where there is none. */
  regionSide: number | null
  initialShare: number
  panopticShare: number
  budgetShare: number
  rounds: number
}

const CITYSCAPES: Protocol = {
  size: { height: 512, width: 1024 },
  regionSide: 128,
  initialShare: 200 / 2975,
  panopticShare: 400 / 2975,
  budgetShare: 200 / 2975,
  rounds: 5,
}
const BDD100K: Protocol = {
  size: { height: 720, width: 1280 },
  regionSide: 128,
  initialShare: 400 / 7000,
  panopticShare: 800 / 7000,
  budgetShare: 400 / 7000,
  rounds: 6,
}
const CAMVID: Protocol = {
  size: { height: 360, width: 480 },
  regionSide: 64,
  initialShare: 25 / 367,
  panopticShare: 50 / 367,
  budgetShare: 25 / 367,
  rounds: 5,
}
const DEMO: Protocol = {
  size: { height: 128, width: 256 },
  regionSide: 32,
  initialShare: 0.1,
  panopticShare: 0.2,
  budgetShare: 0.1,
  rounds: 4,
}
const GENERIC: Protocol = { ...DEMO, size: null, regionSide: null }

function protocolOf(dataset: DatasetFacts): Protocol {
  if (dataset.source === 'demo') return DEMO
  return { cityscapes: CITYSCAPES, bdd100k: BDD100K, camvid: CAMVID, generic: GENERIC }[dataset.format]
}

const NETWORKS: Record<PresetName, NetworkConfig> = {
  paper: { encoder: 'mobilenetv2', width: 1, channels: 256, separable: false, firstExpansion: false },
  light: { encoder: 'mobilenetv2', width: 1, channels: 64, separable: true, firstExpansion: false },
  tiny: { encoder: 'mobilenetv2', width: 0.35, channels: 32, separable: true, firstExpansion: false },
}

/** Long side that images of a generic dataset are limited to. */
const LONG_SIDE: Record<PresetName, number> = { paper: 1024, light: 512, tiny: 512 }

/**
 * The same on a processor, by our recipe: with it a person waits less than three minutes for the next round
 * (docs/decisions/recipe-studio.md).
 */
const LONG_SIDE_ON_WASM = 256

function longSide(preset: PresetName, recipe: RecipeName, engine: EngineName | undefined): number {
  return recipe !== 'paper' && engine === 'wasm' ? LONG_SIDE_ON_WASM : LONG_SIDE[preset]
}

const TRAINING: TrainingConfig = {
  epochs: 50,
  batchSize: 4,
  learningRate: 1e-3,
  learningRateDropAt: 0.7,
  learningRateDrop: 0.1,
  momentum: 0.9,
  weightDecay: 5e-4,
  headLrFactor: 10,
  flipProbability: 0.5,
  blurProbability: 0.5,
  warmStart: false,
  extendedWeight: 0.5,
  ratingWeight: 1,
  ratingDetachAt: 0.6,
  equalSteps: false,
  steps: null,
}

/**
 * The tiny net starts from scratch (ours): there is no pretrained encoder whose weights a small rate would protect, and
 * at such a rate the full rating loss drowns the segmentation loss.
 */
const FROM_SCRATCH: Partial<TrainingConfig> = { learningRate: 0.1, headLrFactor: 1, ratingWeight: 0.1 }
const DEMO_EPOCHS = 20

/** Images in a batch on a DRN, whose maps are twice as long and as wide (paper: Implementation details). */
const DRN_BATCH_SIZE = 2

/** Passes of the committee (paper: Implementation details). */
const PAPER_PASSES = 20

const CONTEXT_EXTENSION: ExtensionConfig = {
  mode: 'context',
  patch: 8,
  stride: 8,
  longSide: 512,
  appearance: 200,
  positionSigma: 32,
  threshold: 0.95,
  classShare: 0.005,
  vetoConfidence: 0.5,
}

/**
 * Eq. 7 and 8 to the letter: no gate but the labels' own (a veto confidence above 1 never vetoes); a small working
 * copy.
 */
const PAPER_EXTENSION: ExtensionConfig = {
  ...CONTEXT_EXTENSION,
  mode: 'paper',
  patch: 3,
  stride: 1,
  longSide: 128,
  threshold: 0,
  classShare: 0,
  vetoConfidence: 2,
}

const ADVERSARY: AdversaryConfig = {
  imageSide: 64,
  latent: 32,
  width: 0.25,
  beta: 1,
  learningRate: 5e-4,
  clipNorm: 5,
  autoencoderSteps: 2,
  steps: null,
}

/** Image size limited to a long side; sides of a shrunk image are multiples of 8. */
function limitedSize(size: Size, longSide: number): Size {
  const scale = longSide / Math.max(size.height, size.width)
  if (scale >= 1) return { ...size }
  const shrink = (length: number) => Math.max(8, 8 * Math.round((length * scale) / 8))
  return { height: shrink(size.height), width: shrink(size.width) }
}

/** Region side at `size`: the reference side scaled with the square root of the area, even, at least 4. */
function regionSideAt(protocol: Protocol, size: Size): number {
  const side =
    protocol.size && protocol.regionSide
      ? protocol.regionSide * Math.sqrt((size.height * size.width) / (protocol.size.height * protocol.size.width))
      : Math.min(size.height, size.width) / 4
  return Math.max(4, 2 * Math.round(side / 2))
}

/**
 * Images of a panoptic subset for every image area of budget. Regions that do not overlap cover little more than half an
 * image: a subset below twice the budget could not spend it, and out of twice the budget nearly all of them are taken.
 */
const SUBSET_PER_BUDGET: Readonly<Record<RecipeName, number>> = { paper: 2, studio: 4 }

/**
 * Pool sizes in images: the protocol's shares of the train images, at least one, never more than there are.
 *
 * @param replaced values of the person; with our recipe the panoptic subset follows them
 */
function selectionDefaults(
  protocol: Protocol,
  { trainImages }: DatasetFacts,
  { size, recipe, annotator }: Pick<CpralConfig, 'size'> & { recipe: RecipeName; annotator: Annotator },
  replaced: Partial<SelectionConfig>,
): SelectionConfig {
  const images = (share: number, most: number) => Math.max(1, Math.min(most, Math.round(share * trainImages)))
  const initialImages = images(protocol.initialShare, trainImages)
  const unlabelledAfter = (initial: number) => Math.max(1, trainImages - initial)
  const unlabelled = unlabelledAfter(initialImages)
  const budgetImages = images(protocol.budgetShare, unlabelled)
  const subset = images(protocol.panopticShare, unlabelled)
  const isPaper = recipe === 'paper'
  const budget = isPaper ? budgetImages : (replaced.budgetImages ?? budgetImages)
  const most = isPaper ? unlabelled : unlabelledAfter(replaced.initialImages ?? initialImages)
  return {
    method: defaultMethod(annotator, recipe),
    initialImages,
    panopticSize: Math.min(most, Math.max(subset, Math.ceil(SUBSET_PER_BUDGET[recipe] * budget))),
    budgetImages,
    rounds: protocol.rounds,
    regionSide: regionSideAt(protocol, size),
    attentionSigma: 2,
  }
}

/**
 * The complete config for a dataset and preset, with `overrides` on top. The number of train images scales the pool
 * sizes (367 CamVid images give the paper's 25 / 50 / 25), and the input size scales the region side.
 */
export function defaultConfig(dataset: DatasetFacts, preset: PresetName, overrides: ConfigOverrides = {}): CpralConfig {
  const protocol = protocolOf(dataset)
  const recipe = overrides.recipe ?? 'paper'
  const { imageSize, engine } = dataset
  const size = overrides.size ?? protocol.size ?? limitedSize(imageSize, longSide(preset, recipe, engine))
  const extension = overrides.extension?.mode === 'paper' ? PAPER_EXTENSION : CONTEXT_EXTENSION
  const isDemo = preset === 'tiny' && dataset.source === 'demo'
  const fromScratch = preset === 'tiny' ? FROM_SCRATCH_RULES[recipe] : null
  const ownNetwork = overrides.network?.encoder === 'mobilenetv2' ? {} : fromScratch?.network
  const network = { ...NETWORKS[preset], ...ownNetwork, ...overrides.network }
  const annotator = overrides.annotator ?? 'oracle'
  const usual = selectionDefaults(protocol, dataset, { size, recipe, annotator }, overrides.selection ?? {})
  const ownRule = recipe === 'paper' ? null : poolRule(METHODS[overrides.selection?.method ?? usual.method])
  const selection = {
    ...usual,
    ...(ownRule?.isBalanced && { temperature: OWN_METHODS_TEMPERATURE }),
    ...overrides.selection,
  }
  return {
    preset,
    // Absent for the paper's, so that configs of before are the same as now.
    ...(recipe !== 'paper' && { recipe }),
    annotator,
    seed: overrides.seed ?? 1,
    size: { ...size },
    network,
    weights: overrides.weights ?? null,
    training: {
      ...TRAINING,
      ...(preset === 'tiny' ? FROM_SCRATCH : {}),
      ...(isDrnName(network.encoder) ? { batchSize: DRN_BATCH_SIZE } : {}),
      ...(isDemo ? { epochs: DEMO_EPOCHS } : {}),
      ...RECIPE_RULES[recipe],
      ...fromScratch?.training,
      ...(isDemo ? DEMO_RULES[recipe] : {}),
      ...overrides.training,
    },
    monteCarlo: {
      passes: ownRule ? OWN_METHODS_PASSES : PAPER_PASSES,
      dropout: 'decoder',
      vote: 'hard',
      precision: 'float32',
      ...overrides.monteCarlo,
    },
    selection,
    extension: { ...extension, ...(ownRule && OWN_METHODS_SPREAD && { spreads: true }), ...overrides.extension },
    adversary: { ...ADVERSARY, ...overrides.adversary },
    noise: overrides.noise ?? null,
  }
}
