/** Which images, and which parts of them, a training step sees. Every number is drawn here, so that reading may take its time. */
import type { TrainingConfig } from '../domain/config'
import type { RandomStream } from '../math/random'
import { type ImageCounts, pixelWeight } from './label-index'

type Draw = (random: RandomStream) => number

/** Gives positions of a list, each as often as its weight says; null when nothing weighs anything. */
export function weightedDraw(weights: readonly number[]): Draw | null {
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

/** Gives positions of a round's images, each as often as it has labelled pixels; each as often where none has any. */
export function drawByLabels(images: readonly ImageCounts[], { extendedWeight }: TrainingConfig): Draw {
  const byLabels = weightedDraw(images.map((counts) => pixelWeight(counts, extendedWeight)))
  return byLabels ?? ((random) => random.below(images.length))
}

/** A crop before its labels are known. Shares are drawn from 0..1. */
export interface DrawnCrop {
  /** Position of the image in the round's list. */
  image: number
  /** Which of the image's labelled pixels the crop shows; null for none in particular. */
  pixelShare: number | null
  scale: number
  shareX: number
  shareY: number
  isFlipped: boolean
  /** Standard deviation in pixels of the sample, 0 for none. */
  blurSigma: number
}

/**
 * A crop of an image. With `drawFrom: 'labels'` it shows one of the labelled pixels. Of the pixels of a batch, where 25
 * images of 180x240 are labelled whole and 342 in three windows of 30x30, 9 % are labelled with images in turn and 46 %
 * with images drawn by labels.
 */
export function drawCropOf(image: number, config: TrainingConfig, random: RandomStream): DrawnCrop {
  const { scaleLeast = 1, scaleMost = 1, drawFrom = 'images' } = config
  return {
    image,
    pixelShare: drawFrom === 'labels' ? random.next() : null,
    scale: scaleLeast + (scaleMost - scaleLeast) * random.next(),
    shareX: random.next(),
    shareY: random.next(),
    isFlipped: random.next() < config.flipProbability,
    blurSigma: random.next() < config.blurProbability ? random.next() : 0,
  }
}
