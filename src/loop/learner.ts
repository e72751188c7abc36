/** The round loop's view of a network, in plain arrays: the loop knows no tfjs and runs on any learner. */

import type { Uncertainty } from '../cpral/pool-rules'
import type { AdversaryRecord, Candidate, QuantizedMap } from '../domain/round'
import type { BatchArrays } from '../loader/batch'
import type { AttendToPatches } from '../math/patch-attention'

export interface EpochRequest {
  round: number
  /** From 0, of `epochs`: how far the round's training has come, by which learning rate and rating head change. */
  epoch: number
  epochs: number
  /** Optimizer steps that the round took before this epoch, and those that it takes in it. */
  firstStep: number
  steps: number
  /** Those of the whole round. */
  roundSteps: number
  /** The batch of a step of the round, steps from 0; may be asked for again. */
  batch(roundStep: number): Promise<BatchArrays>
  /** @param step of the epoch, from 1 */
  onStep(step: number): void
  signal: AbortSignal
}

export interface EpochResult {
  /** Mean total loss over the epoch's steps. */
  loss: number
  /** Labelled pixels that its steps saw: those with a weight in the loss, as often as they came. */
  labelledPixels: number
}

/** Numbers about every pixel from one forward pass without dropout; each array is H*W. */
export interface PixelStatistics {
  /** Most probable class. */
  prediction: Uint8Array
  /** Its probability. */
  confidence: Float32Array
  /** Probability of the most probable class minus that of the second. */
  margin: Float32Array
  /** Softmax entropy, bits. */
  entropy: Float32Array
}

export interface QueryRequest {
  rgb: Uint8Array
  /** Distinguishes the images of a round in the dropout masks. */
  seed: number
  vote: 'hard' | 'soft'
  /** H*W, 1 where a pixel is labelled: its entropy counts as 0; null when none is. */
  labelled: Uint8Array | null
  /** Profile a of the attention window (Eq. 5). */
  attentionProfile: Float32Array
  /** Side w of a region, pixels. */
  regionSide: number
}

export interface QueryResult {
  /** Regions that survive non-maximum suppression, best first: see `regionCandidates`. */
  candidates: Candidate[]
  /** H*W vote entropy, bits; as bytes, for the image view. */
  entropy: QuantizedMap
  /** H*W regional score: entropy under the attention window; as bytes. */
  attention: QuantizedMap
  /** Wall time of the two. */
  milliseconds: { entropy: number; attention: number }
}

export interface ClassScoreRequest extends Pick<QueryRequest, 'rgb' | 'seed' | 'vote' | 'labelled' | 'regionSide'> {
  /** What counts as the uncertainty of a pixel. */
  uncertainty: Uncertainty
  /** Profile a of the window's weights (Eq. 5, or all ones). */
  attentionProfile: Float32Array
  /** Whether the rating and the map are wanted. */
  wantsRating: boolean
  wantsMap: boolean
}

export interface ClassScoreResult {
  /**
   * [windows, C], row-major: of every window (`windowGrid`) and class, the mean over the window's pixels, weighted by
   * the profile, of uncertainty times probability of the class.
   */
  masses: Float32Array
  /** Mean probability of each class over all pixels. */
  classShares: Float32Array
  /** Predicted loss; null when it was not wanted. */
  rating: number | null
  /** H*W entropy in bits, of the votes or else of the softmax, 0 where labelled; null when it was not wanted. */
  map: QuantizedMap | null
}

export interface AdversaryRequest {
  round: number
  /** Steps of the discriminator. */
  steps: number
  /** Copies of all images of the pool in project order: S*S*3 sRGB bytes each, S = `AdversaryConfig.imageSide`. */
  images: Uint8Array[]
  isLabelled: boolean[]
  /** TA-VAAL: the rating of every image; null: VAAL. */
  ratings: number[] | null
  onStep(step: number, steps: number): void
  signal: AbortSignal
}

export interface AdversaryResult extends AdversaryRecord {
  /** The discriminator's probability that an image is labelled, for every image of the request. */
  scores: number[]
}

export interface Learner {
  /** Fresh parameters: from the initial weights when there are any, else from the seed. */
  reset(): void
  /**
   * @throws AppError 'diverged' when the loss is no longer a finite number
   */
  trainEpoch(request: EpochRequest): Promise<EpochResult>
  /**
   * Parameters, running statistics and momenta as safetensors bytes.
   * @throws AppError 'diverged' when one is not finite
   */
  save(): Promise<ArrayBuffer>
  load(bytes: ArrayBuffer): void
  /** Folds batch normalisation into the filters. To be called after training and before any of the calls below. */
  prepareInference(): void
  statistics(rgb: Uint8Array): Promise<PixelStatistics>
  /** Predicted losses of images that are computed together; only the order means anything. */
  rate(rgbs: Uint8Array[]): Promise<number[]>
  /** Committee, attention and suppression: the regional query of one image. */
  query(request: QueryRequest): Promise<QueryResult>
  /** What a method that looks at the whole pool needs of one image; Monte-Carlo passes run only for votes. */
  classScores(request: ClassScoreRequest): Promise<ClassScoreResult>
  /**
   * Sums over the pixels of an image, in bits: entropy of the committee's mean softmax (MC Dropout), and the part of it
   * on which the passes disagree (BALD); the rest is doubt that every pass shares.
   */
  uncertainty(rgb: Uint8Array, seed: number): Promise<{ entropy: number; disagreement: number }>
  /**
   * Trains VAAL's autoencoder and discriminator from the seed, a pure function of the request, and scores every image.
   */
  trainAdversary(request: AdversaryRequest): Promise<AdversaryResult>
  /** Attention between the patches of an image, for label extension: no part of the network. */
  attendToPatches: AttendToPatches
  /** Global average of the decoder's concatenated features, for Core-set. */
  features(rgb: Uint8Array): Promise<Float32Array>
  dispose(): void
}
