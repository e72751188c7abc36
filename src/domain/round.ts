/** What one round decided, saw and was answered, as it is kept. Plain data; rasters are row-major. */
import type { Rectangle, Size } from './size'
import type { Timed } from './stages'

/** A region that a query chose, in pixels at the input size: a square, or the whole image where a method labels whole images. */
export interface Region extends Rectangle {
  imageId: string
  score: number
}

export interface Evaluation {
  mIoU: number
  /** null where the class occurs neither in ground truth nor in the prediction. */
  iouPerClass: (number | null)[]
  pixelAccuracy: number
  /** confusion[truth * C + prediction], pixels. */
  confusion: number[]
}

/** What people labelled when a round asked them. */
export interface PersonAnswer {
  /** Images with new or other labels. */
  images: string[]
  newPixels: number
  /** New pixels of a class, in images that the round's network had predicted; and those on which it agreed. */
  judgedPixels: number
  agreeingPixels: number
  /** Those of both that somebody painted: what was accepted as suggested agrees by itself. Earlier versions did not count them. */
  byHand?: { judgedPixels: number; agreeingPixels: number }
}

export interface RoundRecord {
  runId: string
  /** From 1. */
  index: number
  /** Human- or oracle-labelled pixels before this round's query, void counted, over all train images; and the pool's pixels. */
  labelledPixels: number
  poolPixels: number
  /** Images in D while this round trained. */
  trainImages: string[]
  steps: number
  /** Mean training loss per epoch. */
  losses: number[]
  evaluation: Evaluation | null
  /** Panoptic subset in rating order (highest first) with its scores; empty in the last round, which queries nothing. */
  subset: { imageId: string; score: number }[]
  regions: Region[]
  /** Labelled pixels per class that this round's annotation added, and the same over the whole pool's ground truth. */
  selectedClassPixels: number[]
  poolClassPixels: number[]
  /** With a person: the regions were put before them. */
  isAsked?: boolean
  /** Mean vote entropy, in bits a pixel, inside the chosen regions and over the whole subset; null when the method has none. */
  entropyShare?: { chosen: number; subset: number } | null
  answer?: PersonAnswer
  extension: { addedPixels: number; correctPixels: number; judgedPixels: number } | null
  seconds: Record<Timed, number>
  isComplete: boolean
}

/** What a person did about one of a round's regions, and what it took. */
export interface AnswerRecord {
  runId: string
  /** 0 for the images that are labelled before the first round. */
  round: number
  /** Position in the round's list of regions. */
  index: number
  /** `empty`: nothing of any class is there. */
  status: 'done' | 'empty' | 'skipped'
  /** Pixels of the region, at the image's size, that somebody answers for; absent in older ones. */
  pixels?: number
  /** Strokes and confirmations. */
  clicks: number
  /** Time the region was before the person, pauses of more than a minute left out. */
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

/** A map quantised to 8 bits: value = byte / 255 * max. */
export interface QuantizedMap {
  values: Uint8Array
  max: number
}

/** What one round saw in one image, kept for the image view. */
export interface ImageLayers {
  runId: string
  round: number
  imageId: string
  size: Size
  /** H*W class ids. */
  prediction: Uint8Array | null
  /** The network's probability of its prediction; absent where nobody asked for it. */
  confidence?: QuantizedMap
  entropy: QuantizedMap | null
  attention: QuantizedMap | null
}

/** Per-image results of a round's query, kept so that an interrupted query continues with the next image. */
export interface QueryRecord {
  runId: string
  round: number
  imageId: string
  score: number | null
  /** Regions that survived NMS, best first; `newPixels` of each were not labelled yet. */
  candidates: { x: number; y: number; score: number; newPixels: number }[] | null
}
