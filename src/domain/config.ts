/**
 * The settings of a run: every constant of the method. A number in a comment is the paper's value (section
 * Implementation details unless another is named); "ours" marks what the paper does not have. Plain data: stored with
 * each run, so that it can be repeated. `cpral/presets.ts` holds the values that a new run starts from.
 */
import type { Size } from './size'

/** Sets of values to start from: the published network, one for a laptop, one for the demo and the tests. */
export type PresetName = 'paper' | 'light' | 'tiny'

/** Dilated residual networks. Their map has a cell for every 8 x 8 pixels (output stride 8). */
export type DrnName = 'drn-d-22' | 'drn-d-38' | 'drn-d-54'

/**
 * The encoder: the part of the network that turns an image into a coarse map of features. MobileNetV2 and ResNet-9 (ours,
 * for learning from scratch) have output stride 16.
 */
export type EncoderName = 'mobilenetv2' | 'resnet9' | DrnName

/** Every encoder, in the order of the screen's list. */
export const ENCODERS: readonly EncoderName[] = ['mobilenetv2', 'resnet9', 'drn-d-22', 'drn-d-38', 'drn-d-54']

/** Whether an encoder is one of the DRNs, which need more memory. */
export function isDrnName(name: EncoderName): name is DrnName {
  return name.startsWith('drn-')
}

export function isEncoderName(name: string): name is EncoderName {
  return ENCODERS.some((encoder) => encoder === name)
}

/** Sizes of the network, a DeepLabV3+ (Chen et al. 2018): encoder, pyramid (ASPP), decoder. */
export interface NetworkConfig {
  encoder: EncoderName
  /** Factor on the encoder's channels: 0.25, 0.35, 0.5, 0.75 or 1. Published DRN weights have width 1. */
  width: number
  /** Channels of every convolution of the pyramid and the decoder (256). */
  channels: number
  /** 3x3 convolutions of pyramid and decoder are depthwise-separable, which is cheaper, in place of dense (ours). */
  separable: boolean
  /**
   * MobileNetV2's first block has a 1x1 expansion although its factor is 1: so in GluonCV's published weights, not in
   * torchvision's.
   */
  firstExpansion: boolean
}

/** Rules of training to start from: the paper's, or ours, which learns more in as many steps. `cpral/recipes.ts` has both. */
export const RECIPES = ['paper', 'studio'] as const
export type RecipeName = (typeof RECIPES)[number]

/** How the network is trained in every round: stochastic gradient descent with momentum. */
export interface TrainingConfig {
  /** Passes over all labelled images a round (50). */
  epochs: number
  /** Images a training step (4). Even, for the rating head compares them in pairs. */
  batchSize: number
  /** 1e-3. */
  learningRate: number
  /** Share of the epochs after which the learning rate is multiplied by `learningRateDrop` (35 of 50, a tenth). */
  learningRateDropAt: number
  learningRateDrop: number
  /** 0.9. */
  momentum: number
  /** 5e-4. */
  weightDecay: number
  /** Factor on the learning rate of pyramid, decoder and rating head: 10 as in ViewAL; the paper's text has 1. */
  headLrFactor: number
  /** Chance that an image of a batch is mirrored left to right (0.5). */
  flipProbability: number
  /** Chance that it is blurred (0.5), with a standard deviation drawn from 0 to 1 pixels. */
  blurProbability: number
  /** A round continues from the last round's weights in place of the initial ones (ours, off). */
  warmStart: boolean
  /** Weight in the loss of a pixel that label extension labelled; one that somebody labelled weighs 1 (ours). */
  extendedWeight: number
  /** Weight of the rating head's loss in the total (1, from Learning Loss). */
  ratingWeight: number
  /** Share of the epochs after which the rating head no longer trains the encoder (120 of 200, from Learning Loss). */
  ratingDetachAt: number
  /**
   * A round takes at most floor(labelled pixels / H*W / batch size * epochs) steps: as many as whole images would (ours,
   * for fair comparisons).
   */
  equalSteps: boolean
  /**
   * Training steps of every round, whatever is labelled (ours, for fair comparisons). `epochs` then says only in how
   * many equal parts a round is trained and stored. As many as the epochs have when absent or null.
   */
  steps?: number | null
  /**
   * With `warmStart` and fixed `steps`: the training steps of every round after the first, which continues from what the
   * last one learned (ours). As many as the first round's when absent or null.
   */
  warmSteps?: number | null
  /** With `warmStart`: the learning rate of those rounds (ours). The first round's when absent or null. */
  warmLearningRate?: number | null
  /**
   * The learning rate over a round: `drop`, also when absent, as `learningRateDropAt` says; `poly` falls as
   * (1 - step / steps)^0.9 (ours).
   */
  schedule?: 'drop' | 'poly'
  /** Share of a round's steps over which the learning rate rises to its value, in even steps (ours, 0). */
  rateRise?: number
  /** Nesterov's momentum (ours, off). */
  nesterov?: boolean
  /** The largest norm of the gradient of all parameters together (ours); absent or null: any. */
  clipNorm?: number | null
  /**
   * Share that the averaged weights keep in a step, 0.99 for example. They are what is measured, and what asks (ours);
   * absent or null: the trained weights themselves.
   */
  averaging?: number | null
  /**
   * An image is scaled by a factor drawn evenly between these two, and cropped or padded to the input size (ours); 1 and
   * 1 when absent.
   */
  scaleLeast?: number
  scaleMost?: number
  /**
   * A step sees parts of images, whose sides are this share of the input's, in multiples of 16 pixels: a smaller part makes
   * a cheaper step (ours); 1, also when absent: whole ones.
   */
  cropShare?: number
  /** Images are drawn each as often (also when absent), or as often as they have labelled pixels (ours). */
  drawFrom?: 'images' | 'labels'
  /** Factor on the rates of dropout in training steps (ours); 1 when absent. The committee keeps its own rates. */
  dropoutFactor?: number
  /**
   * In the loss a class weighs (median frequency / its frequency)^power, at most `classWeightCap` (Eigen and Fergus
   * 2015; ours); 0, also when absent: all weigh 1.
   */
  classWeightPower?: number
  classWeightCap?: number
}

/**
 * VAAL and TA-VAAL: a variational autoencoder (VAE) looks at small copies of all images, and a discriminator at its
 * codes, to tell labelled from unlabelled ones (spec of VAAL: Sinha et al. 2019; of TA-VAAL: Kim et al. 2021). Both are
 * trained anew in every round, with Adam.
 */
export interface AdversaryConfig {
  /** Side of the square copies of the images, in pixels: a multiple of 16 (64, ours). */
  imageSide: number
  /** Numbers in a code, z (32). */
  latent: number
  /** Factor on the autoencoder's channels, which are 128, 256, 512, 1024 at 1 (1/4, ours). */
  width: number
  /** Weight of the Kullback-Leibler divergence, summed over z and averaged over the batch (1). */
  beta: number
  /** 5e-4. */
  learningRate: number
  /** The largest norm of the gradient of all parameters of a net (5, ours). */
  clipNorm: number
  /** Steps of the autoencoder for each step of the discriminator (2). */
  autoencoderSteps: number
  /** Steps of the discriminator a round; null takes as many as the network took in that round. */
  steps: number | null
}

/** Which labels of an answer are replaced by wrong ones: class c by C-1-c, by no class (255), by a random other class. */
export const NOISE_KINDS = ['symmetric', 'missing', 'random', 'mixed'] as const
export type NoiseKind = (typeof NOISE_KINDS)[number]

export const NOISE_UNITS = ['pixel', 'segment'] as const

/**
 * Wrong labels in what the oracle answers (paper, Fig. 7). Which ones are wrong is a hash of seed, image, and pixel or
 * segment, so that every method meets the same noise. Void stays void, and validation images are never touched.
 */
export interface NoiseConfig {
  /** `mixed` is symmetric, missing and random as 1:2:1. */
  kind: NoiseKind
  /** Share of the labels that are wrong, 0..1. */
  share: number
  /** What is right or wrong as a whole: a pixel, or a connected segment of the mask, as when somebody confuses things. */
  unit: (typeof NOISE_UNITS)[number]
}

/** The part of the network whose dropout is active in the committee. */
export type DropoutSite = 'decoder' | 'encoder' | 'head'

/**
 * The committee that tells how sure the network is of a pixel: the network runs several times on an image, each time
 * with other parts of it switched off by dropout. Where these passes disagree, it is unsure (Eq. 4).
 */
export interface MonteCarloConfig {
  /** Number of passes, m (20). */
  passes: number
  dropout: DropoutSite
  /** A pass votes with its best class (hard, as in the paper), or with its probabilities (soft). */
  vote: 'hard' | 'soft'
  /**
   * Number type of the passes' maps on a graphics card; float32 when absent, and always on WASM. float16 halves the
   * memory traffic and changes logits by about a thousandth; sums are float32 in both (ours).
   */
  precision?: 'float32' | 'float16'
  /**
   * Share of the usual number of passes that is computed at once, 1 when absent. No result depends on it. See `Effort`.
   */
  chunkShare?: number
}

/** Ways to tell how much a whole image would teach the network. */
export type ImageScore =
  | 'rating'
  | 'random'
  | 'entropy'
  | 'confidence'
  | 'margin'
  | 'mc-dropout'
  | 'bald'
  | 'core-set'
  | 'vaal'
  | 'ta-vaal'

/**
 * How a round chooses: `cpral`, `cpral` without one of its parts, an image score alone (labels whole images), or one
 * followed by regions (`-r`).
 */
export type MethodName =
  | 'cpral'
  | 'cpral-without-extension'
  | 'cpral-without-attention'
  | 'random-regions'
  | 'random-regions-in-subset'
  | 'class-aware-regions'
  | 'region-only'
  | 'balanced-entropy'
  | 'balanced-margin'
  | 'stratified-entropy'
  | ImageScore
  | `${ImageScore}-r`

/** How much is labelled, and what. All pixels are counted at the run's input size. */
export interface SelectionConfig {
  method: MethodName
  /** Images, labelled whole, that the first round trains on: the initial pool. */
  initialImages: number
  /** Images a round, chosen as a whole by the rating head, in which regions are then looked for (the panoptic step). */
  panopticSize: number
  /** Pixels to label each round, in areas of an image: 25 are as many pixels as 25 images have. */
  budgetImages: number
  /** Number of rounds, the first included, which trains on the initial pool. */
  rounds: number
  /** Side w of the square regions, in pixels. */
  regionSide: number
  /** Half the width of the attention's Gaussian window, in standard deviations (2, Eq. 5). */
  attentionSigma: number
  /** Strength of the balance of classes: a class that fills the share p of the pool weighs (1 + balance * p)^-2 (6). */
  balance?: number
  /** Regions of an image that a round takes at most (4). */
  regionsPerImage?: number
  /** Weight of the rating, in standard deviations over the pool, in the logarithm of a region's score (0.25). */
  ratingPrior?: number
  /**
   * Temperature of the choice: 0 takes the regions with the highest scores (also when absent), 1 draws them in
   * proportion to their scores, more makes the draw more even (power acquisition, Kirsch et al. 2023; ours).
   */
  temperature?: number
  /** Share of the regions that are divided evenly among the classes (0.66; `stratified-entropy`). */
  classQuota?: number
}

/** How labels spread to look-alike neighbours (Eq. 7, 8). All but `mode: 'paper'` is ours: see docs/paper-map.md. */
export interface ExtensionConfig {
  /** Labels spread; when absent, in runs of the methods that have it by their name (ours). */
  spreads?: boolean
  /** `paper` follows Eq. 7 and 8 to the letter; `context` compares colours and keeps near. */
  mode: 'context' | 'paper'
  /** Side p of the patches that are compared, and the step s from one to the next, in pixels of the working copy. */
  patch: number
  stride: number
  /** Long side of the working copy of the image, in pixels. */
  longSide: number
  /** Weight of the mean squared colour distance of two patches (CIELAB). */
  appearance: number
  /** How far labels spread: standard deviation in pixels, at a working width of 480. */
  positionSigma: number
  /** Least probability with which a pixel is accepted, 0..1. */
  threshold: number
  /** Least share of the image's labelled pixels that a class must have to spread, 0..1. */
  classShare: number
  /** Least confidence, 0..1, with which the network's own prediction of another class forbids the extended one. */
  vetoConfidence: number
}

/**
 * The one who answers a round's question: `oracle` copies the ground truth, as the paper's experiments do; `person`
 * labels by hand.
 */
export type Annotator = 'oracle' | 'person'

/**
 * Everything that a run is made from, its project's images aside. With equal settings, WASM gives equal results to the
 * byte.
 */
export interface CpralConfig {
  preset: PresetName
  /** The paper's when absent. */
  recipe?: RecipeName
  /** The oracle when absent. */
  annotator?: Annotator
  /** Beginning of every random decision: see `math/random.ts`. */
  seed: number
  /** Size to which images are scaled for the network. Labels, regions, budget and mIoU are counted in its pixels. */
  size: Size
  network: NetworkConfig
  /**
   * Key of the stored weights file (`WeightsRecord.key`) that the network starts from; null starts from random numbers.
   */
  weights: string | null
  training: TrainingConfig
  monteCarlo: MonteCarloConfig
  selection: SelectionConfig
  extension: ExtensionConfig
  /** Absent in older runs, which had no such method. */
  adversary?: AdversaryConfig
  /** The oracle answers right when absent or null. */
  noise?: NoiseConfig | null
}
