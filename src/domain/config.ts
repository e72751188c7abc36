/** Every constant of the method, with the paper's section or "ours" beside it. Plain data: it is stored with each run. */
import type { Size } from './size'

export type PresetName = 'paper' | 'light' | 'tiny'

/** Dilated residual networks: output stride 8. */
export type DrnName = 'drn-d-22' | 'drn-d-38' | 'drn-d-54'

/** MobileNetV2 has output stride 16. */
export type EncoderName = 'mobilenetv2' | DrnName

export const ENCODERS: readonly EncoderName[] = ['mobilenetv2', 'drn-d-22', 'drn-d-38', 'drn-d-54']

export function isEncoderName(name: string): name is EncoderName {
  return ENCODERS.some((encoder) => encoder === name)
}

/** DeepLabV3+. */
export interface NetworkConfig {
  encoder: EncoderName
  /** Width multiplier of the encoder: 0.25, 0.35, 0.5, 0.75 or 1. Published DRN weights have width 1. */
  width: number
  /** Channels A of every ASPP and decoder convolution (paper 256). */
  channels: number
  /** Depthwise-separable instead of dense 3x3 in ASPP and decoder (ours). */
  separable: boolean
  /** A 1x1 expansion in MobileNetV2's first block although its factor is 1 (GluonCV's published weights have it, torchvision's do not). */
  firstExpansion: boolean
}

export interface TrainingConfig {
  epochs: number // 50, Implementation details
  batchSize: number // 4, even
  learningRate: number // 1e-3
  /** From this share of the epochs on the learning rate is multiplied by `learningRateDrop` (35 of 50). */
  learningRateDropAt: number
  learningRateDrop: number // 0.1
  momentum: number // 0.9
  weightDecay: number // 5e-4
  /** Factor on the learning rate of ASPP, decoder and rating head (ViewAL 10, paper's text 1). */
  headLrFactor: number
  flipProbability: number // 0.5
  blurProbability: number // 0.5; sigma ~ U(0, 1)
  /** Continue from the last round's weights instead of the initial ones (ours, off). */
  warmStart: boolean
  /** Loss weight of pixels that label extension added (ours). */
  extendedWeight: number
  /** Weight of the rating loss in the total (LL4AL 1). */
  ratingWeight: number
  /** The rating head's taps are detached from the encoder after this share of the epochs (LL4AL 120 of 200). */
  ratingDetachAt: number
  /** Cap a round's optimizer steps at (human-labelled pixels / H*W / batch) * epochs (ours, for fair comparisons). */
  equalSteps: boolean
}

export type DropoutSite = 'decoder' | 'encoder' | 'head'

export interface MonteCarloConfig {
  passes: number // m = 20
  dropout: DropoutSite
  vote: 'hard' | 'soft'
  /**
   * In which the passes' maps lie on a graphics card; sums are float32. float16, half the memory traffic, changes logits by about
   * a thousandth. Ours; WASM has float32 alone, which absent means too.
   */
  precision?: 'float32' | 'float16'
  /** Share of the usual number of passes computed at once, 1 when absent; no result depends on it. See `effort.ts`. */
  chunkShare?: number
}

export type ImageScore = 'rating' | 'random' | 'entropy' | 'confidence' | 'margin' | 'mc-dropout' | 'bald' | 'core-set'

/** `cpral` and its ablations, an image score alone (whole images are labelled), or one followed by the regional step (`-r`). */
export type MethodName =
  | 'cpral'
  | 'cpral-without-extension'
  | 'cpral-without-attention'
  | 'random-regions'
  | 'region-only'
  | ImageScore
  | `${ImageScore}-r`

export interface SelectionConfig {
  method: MethodName
  /** Fully labelled images the first round starts from. */
  initialImages: number
  /** Images the panoptic step passes on to the regional step. */
  panopticSize: number
  /** What is labelled each round, in image areas. */
  budgetImages: number
  /** Rounds counted with the first (training on the initial pool). */
  rounds: number
  /** Region side w, in pixels at the input size. */
  regionSide: number
  /** Half-range of the Gaussian attention in standard deviations (Eq. 5, sigma = 2). */
  attentionSigma: number
}

export interface ExtensionConfig {
  mode: 'context' | 'paper'
  /** Patch side p and stride s, in pixels at the working size. */
  patch: number
  stride: number
  /** Long side of the working copy. */
  longSide: number
  /** Weight of the mean squared CIELAB distance. */
  appearance: number
  /** Standard deviation of the position prior at a working width of 480. */
  positionSigma: number
  /** Least probability a pixel is accepted with. */
  threshold: number
  /** Least share of the image's labelled pixels a class must have. */
  classShare: number
  /** Below this confidence the network's vote does not veto. */
  vetoConfidence: number
}

/** Who answers a query: `oracle` copies ground truth, as the paper's experiments do; `person` labels the regions by hand. */
export type Annotator = 'oracle' | 'person'

export interface CpralConfig {
  preset: PresetName
  /** The oracle when absent. */
  annotator?: Annotator
  seed: number
  /** Input size of the network; everything (labels, regions, budget, mIoU) is counted at this size. */
  size: Size
  network: NetworkConfig
  /** Key of a stored weights file (see storage), or null to start from scratch. */
  weights: string | null
  training: TrainingConfig
  monteCarlo: MonteCarloConfig
  selection: SelectionConfig
  extension: ExtensionConfig
}
