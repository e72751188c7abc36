/** Which images, and which parts of them, a training step sees. Every number is drawn here, so that reading may take its time. */
import type { TrainingConfig } from '../domain/config'
import type { RandomStream } from '../math/random'
import type { Jitter } from './crop'
import { classFrequencies, type ImageCounts, pixelWeight, rareClasses } from './label-index'

/** Labelled pixels of a class that an image must have to be drawn for it. */
const LEAST_PIXELS = 16

/** Gives positions of a list, each as often as its weight says; null when nothing weighs anything. */
export function weightedDraw(weights: readonly number[]): ((random: RandomStream) => number) | null {
  let sum = 0
  const ends = weights.map((weight) => {
    sum += weight
    return sum
  })
  if (!(sum > 0)) return null
  const last = weights.findLastIndex((weight) => weight > 0)
  return (random) => {
    const at = random.next() * sum
    let [low, high] = [0, last]
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle] > at) high = middle
      else low = middle + 1
    }
    return low
  }
}

type Draw = (random: RandomStream) => number

/** How classes are drawn for crops of rare ones. */
interface ClassDraw {
  classIds: number[]
  draw: Draw
  /** Of each class, positions of the images that hold enough of it. */
  images: number[][]
}

export interface RoundDraws {
  images: readonly ImageCounts[]
  /** By labelled pixels: of all images, and of the sparse ones. null where there is none. */
  byLabels: Draw | null
  sparse: Draw | null
  byClass: ClassDraw | null
  /** 255 flags, 1 for the classes that are pasted. */
  isRare: Uint8Array
}

function classDraw(images: readonly ImageCounts[], temperature: number): ClassDraw | null {
  const frequencies = classFrequencies(images)
  const total = frequencies.reduce((sum, { pixels }) => sum + pixels, 0)
  const holders = frequencies.flatMap(({ classId, pixels }) => {
    const holding = [...images.keys()].filter((i) => images[i].perClass[classId] >= LEAST_PIXELS)
    return holding.length > 0 ? { classId, share: pixels / total, holding } : []
  })
  // Less the largest exponent, which is that of the rarest class: otherwise a low temperature overflows.
  const rarest = Math.min(...holders.map(({ share }) => share))
  const draw = weightedDraw(holders.map(({ share }) => Math.exp((rarest - share) / temperature)))
  if (!draw) return null
  return { classIds: holders.map(({ classId }) => classId), draw, images: holders.map(({ holding }) => holding) }
}

export function roundDraws(images: readonly ImageCounts[], config: TrainingConfig): RoundDraws {
  const { extendedWeight, rareShare = 0, rareTemperature = 0.1 } = config
  const weights = images.map((counts) => pixelWeight(counts, null, extendedWeight))
  return {
    images,
    byLabels: weightedDraw(weights),
    sparse: config.mosaic ? weightedDraw(weights.map((weight, i) => (images[i].isSparse ? weight : 0))) : null,
    byClass: rareShare > 0 ? classDraw(images, rareTemperature) : null,
    isRare: rareClasses(classFrequencies(images)),
  }
}

/** A crop before its labels are known. Shares are drawn from 0..1. */
export interface DrawnCrop {
  /** Position of the image in the round's list. */
  image: number
  /** The pixel that the crop shows: of this class, of any when null; null for none in particular. */
  pixel: { classId: number | null; share: number; isCentre: boolean } | null
  scale: number
  shareX: number
  shareY: number
  isFlipped: boolean
  /** Standard deviation in pixels of the sample, 0 for none. */
  blurSigma: number
  jitter: Jitter | null
}

/** One image of a batch: a crop, or four of a mosaic; and the crop whose rare classes are pasted over it. */
export interface DrawnPlace {
  crops: DrawnCrop[]
  pasted: DrawnCrop | null
}

/** An image, and the class that it is drawn for. */
interface Focus {
  image: number
  classId: number | null
}

function drawFocus(draws: RoundDraws, config: TrainingConfig, random: RandomStream, usual: Draw): Focus {
  const { byClass } = draws
  if (byClass && random.next() < (config.rareShare ?? 0)) {
    const which = byClass.draw(random)
    const holding = byClass.images[which]
    return { image: holding[random.below(holding.length)], classId: byClass.classIds[which] }
  }
  return { image: usual(random), classId: null }
}

function drawCropOf(
  { image, classId }: Focus,
  config: TrainingConfig,
  random: RandomStream,
  isMosaic: boolean,
): DrawnCrop {
  const { scaleLeast = 1, scaleMost = 1, jitter = 0, drawFrom = 'images' } = config
  const isCentre = isMosaic || classId !== null
  const factor = () => 1 + jitter * (2 * random.next() - 1)
  return {
    image,
    pixel: isCentre || drawFrom === 'labels' ? { classId, share: random.next(), isCentre } : null,
    scale: scaleLeast + (scaleMost - scaleLeast) * random.next(),
    shareX: random.next(),
    shareY: random.next(),
    isFlipped: random.next() < config.flipProbability,
    blurSigma: random.next() < config.blurProbability ? random.next() : 0,
    jitter: jitter > 0 ? { brightness: factor(), contrast: factor(), saturation: factor() } : null,
  }
}

/**
 * One image of a batch. `ordered` is the image whose turn it is, which counts where images are drawn each as often.
 *
 * With `drawFrom: 'labels'`, an image is drawn as often as it has labelled pixels, and its crop shows one of them. With
 * `mosaic`, a sparse image that is drawn becomes four crops of sparse images, each of half the height and width,
 * centred on a labelled pixel. Of the pixels of a batch, where 25 images of 180x240 are labelled whole and 342 in three
 * windows of 30x30, 9 % are labelled with images in turn and 46 % by labels; of the windows alone 6 %, in mosaics 13 %.
 */
export function drawPlace(
  draws: RoundDraws,
  config: TrainingConfig,
  random: RandomStream,
  ordered: number | null,
): DrawnPlace {
  const { byLabels, images, sparse } = draws
  const anyImage = (stream: RandomStream) => byLabels?.(stream) ?? stream.below(images.length)
  const first = drawFocus(draws, config, random, ordered === null ? anyImage : () => ordered)
  const isMosaic = sparse !== null && images[first.image].isSparse
  const others = isMosaic ? [1, 2, 3].map(() => drawFocus(draws, config, random, sparse)) : []
  const crops = [first, ...others].map((focus) => drawCropOf(focus, config, random, isMosaic))
  const isPasted = random.next() < (config.pasteProbability ?? 0)
  const pasted = isPasted ? drawCropOf({ image: anyImage(random), classId: null }, config, random, false) : null
  return { crops, pasted }
}
