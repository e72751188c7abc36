/**
 * A round: the network trains on the labels there are, is measured, and asks for labels where it is unsure. These
 * records keep what it saw, what it chose, and the answers. Arrays of pixels are row-major.
 */
import type { Rectangle, Size } from './size'
import type { Timed } from './stages'

/**
 * A part of an image that a round asks about, in pixels at the run's input size: a square, or the whole image where the
 * method labels whole images. Regions with a higher score teach the network more.
 */
export interface Region extends Rectangle {
  imageId: string
  score: number
  /** Absent where the method does not look at classes, and in older records. */
  because?: Because
}

/** Why a region was chosen, in class ids. */
export interface Because {
  /** The two classes between which the network wavers most in it. */
  between: [number, number]
  /** The class that brought most of the score, where it is rare: below an even share of what the pool is predicted as. */
  rare?: number
}

/** How good the network is on the validation images. */
export interface Evaluation {
  /**
   * Mean over the classes of intersection over union: pixels on which network and ground truth agree, by those that
   * either calls the class. 0..1.
   */
  mIoU: number
  /** Intersection over union of each class; null where it occurs neither in the ground truth nor in the prediction. */
  iouPerClass: (number | null)[]
  /** Share of the pixels that are predicted right. */
  pixelAccuracy: number
  /** C*C counts of pixels: confusion[truth * C + prediction]. */
  confusion: number[]
}

/** Labels that people gave when a round asked them. */
export interface PersonAnswer {
  /** Ids of images with new or changed labels. */
  images: string[]
  newPixels: number
  /**
   * New pixels with a class in images that the round's network had predicted; `agreeingPixels` is how many it had
   * predicted right.
   */
  judgedPixels: number
  agreeingPixels: number
  /**
   * The same two counts of painted pixels alone, for a suggestion that was accepted agrees by itself. Absent in older
   * records.
   */
  byHand?: { judgedPixels: number; agreeingPixels: number }
  /** How many of `newPixels` lie in the round's regions ahead; absent where it has none. */
  newPixelsAhead?: number
}

/** One round of a run. */
export interface RoundRecord {
  runId: string
  /** From 1. */
  index: number
  /** Labelled pixels of all train images before this round asked, void included, and all their pixels: the pool. */
  labelledPixels: number
  poolPixels: number
  /** Ids of the images that this round trained on: those with any label. */
  trainImages: string[]
  /** Training steps. */
  steps: number
  /**
   * Labelled pixels that the steps of every epoch saw, as often as they came: how much of the labels a batch holds.
   * Absent in older records.
   */
  labelledSeen?: number[]
  /** Mean training loss of every epoch. */
  losses: number[]
  /** null until the round has been measured. */
  evaluation: Evaluation | null
  /**
   * The images in which the round looked for regions, highest rating first; empty in the last round, which asks for
   * nothing.
   */
  subset: { imageId: string; score: number }[]
  /** The regions that it asks about, best first. */
  regions: Region[]
  /**
   * The next best after `regions`, for a person to go on with while the next round trains. Absent with the oracle, for
   * methods that label whole images, where no further round asks, and in older records.
   */
  ahead?: Region[]
  /** Per class, pixels that were labelled because of this round, and pixels of the ground truth of all train images. */
  selectedClassPixels: number[]
  poolClassPixels: number[]
  /** The regions have been shown to a person. */
  isAsked?: boolean
  /**
   * Mean vote entropy in bits a pixel, in the chosen regions and in all of the subset; null when the method computes
   * none.
   */
  entropyShare?: { chosen: number; subset: number } | null
  /** Labels that people gave; absent until they have, and with the oracle. */
  answer?: PersonAnswer
  /**
   * Labels that people gave while this round trained, taken before its query; `judgedPixels` and `agreeingPixels` are
   * about the round before, whose network had made the suggestions. Absent where the round before had nothing ahead.
   */
  answerAhead?: PersonAnswer
  /**
   * New pixels that people labelled ahead: those of `answerAhead`, and those that the round before had still taken with
   * its answer. The budget is smaller by them. Absent until `answerAhead` is complete: what people label from then on is
   * taken with `answer`.
   */
  aheadPixels?: number
  /**
   * Pixels that label extension added; of the `judgedPixels` among them that have ground truth, `correctPixels` are
   * right. null where it did not run.
   */
  extension: { addedPixels: number; correctPixels: number; judgedPixels: number } | null
  /**
   * Regions that non-maximum suppression left in the images of the subset, and how many of them the budget took. Absent
   * for methods that label whole images, and in older records.
   */
  candidates?: { found: number; taken: number }
  /** Pixels of the round's budget for which there was nothing left to label; absent when it was spent. */
  unspentPixels?: number
  /**
   * Wrong labels in the oracle's answer, in the first round in the initial pool too; absent without label noise, and
   * where nothing was answered.
   */
  noise?: NoiseCount
  /** How VAAL's and TA-VAAL's networks fared; absent with other methods. */
  adversary?: AdversaryRecord
  /** Wall time. */
  seconds: Record<Timed, number>
  isComplete: boolean
}

/** Pixels of an answer that have a class in the ground truth. */
export interface NoiseCount {
  answered: number
  /** Those that got another class. */
  wrong: number
  /** Those that got none. */
  missing: number
}

/** VAAL's and TA-VAAL's networks after a round's training, in evaluation mode. */
export interface AdversaryRecord {
  steps: number
  /** Mean losses over the last tenth of the steps. */
  losses: { reconstruction: number; divergence: number; adversarial: number; discriminator: number }
  /** Shares of the labelled images that the discriminator calls labelled, and of the unlabelled ones it calls so, 0..1. */
  accuracy: { labelled: number; unlabelled: number }
  /** The mean of the two is within 0.02 of a half: the discriminator tells nothing. */
  isCollapsed: boolean
}

/** How a person answered one region of a round, and the work it took. */
export interface AnswerRecord {
  runId: string
  /** 0 for the images that are labelled before the first round. */
  round: number
  /** Position in the round's list of regions; those ahead come after them. */
  index: number
  /** `empty`: the region holds nothing that the classes name. */
  status: 'done' | 'empty' | 'skipped'
  /** Labelled pixels of the region, at the image's own size; absent in older records. */
  pixels?: number
  /** Strokes and confirmations. */
  clicks: number
  /** Time for which the region was shown, without pauses of more than a minute. */
  seconds: number
  /** Milliseconds since 1970. */
  at: number
}

/** Share of the pool's pixels that were labelled while a round trained, 0..1; 0 for a pool without pixels. */
export function labelledShare({ labelledPixels, poolPixels }: RoundRecord): number {
  return poolPixels > 0 ? labelledPixels / poolPixels : 0
}

/** Regions by image, images in the order of their first region: in a round's list, which is sorted, their best. */
export function regionsByImage(regions: readonly Region[]): Map<string, Region[]> {
  const byImage = new Map<string, Region[]>()
  for (const region of regions) byImage.set(region.imageId, [...(byImage.get(region.imageId) ?? []), region])
  return byImage
}

/** A map of numbers, one a pixel, stored as bytes: number = byte / 255 * max. */
export interface QuantizedMap {
  values: Uint8Array
  max: number
}

/** Maps that the network made of one image in one round, as the image view shows them. */
export interface ImageLayers {
  runId: string
  round: number
  imageId: string
  size: Size
  /** H*W class ids; null when the network did not predict this image. */
  prediction: Uint8Array | null
  /** Probability that the network gives its prediction; absent unless it was asked for. */
  confidence?: QuantizedMap
  /** Vote entropy: how much the committee disagrees. */
  entropy: QuantizedMap | null
  /**
   * The score of a region around each pixel: vote entropy summed over a Gaussian window; for methods that look at the
   * whole pool, the sums by which windows are ranked.
   */
  attention: QuantizedMap | null
}

/** A square that a query may ask about, by its top-left pixel. */
export interface Candidate {
  x: number
  y: number
  score: number
  /** Its pixels that are not labelled yet. */
  newPixels: number
  /** The class that it was drawn for, where a method draws by class: squares of two classes may overlap. */
  classId?: number
  because?: Because
}

/** What a query of the whole pool found in one image: kept until the round's regions are chosen. */
export interface ClassScores {
  /**
   * Of every window (`windowGrid`, row-major) and class: mean over the window's pixels of uncertainty times probability
   * of the class, 0 where somebody labelled; as `packFloats` packs them.
   */
  masses: Uint16Array
  /** Mean probability of each class over all pixels. */
  classShares: Float32Array
  /** Pixels of every window that are not labelled yet; null where nothing is. */
  newPixels: Uint32Array | null
}

/**
 * Results of a round's query of one image. Each is stored when it is there, so that an interrupted query goes on with
 * the next image.
 */
export interface QueryRecord {
  runId: string
  round: number
  imageId: string
  /** The image's score, by which its method ranks whole images; null until it is computed. */
  score: number | null
  /**
   * Regions that do not overlap, best first. null until searched, and where regions come from `classScores`.
   */
  candidates: Candidate[] | null
  /** Absent for methods that do not score the pool class by class. */
  classScores?: ClassScores
}
