/**
 * What the labels of a round hold, counted once before its training: how much of every image is labelled, how often
 * each class occurs. A pure function of the committed labels.
 */
import { IGNORE, type Labels, PROVENANCE } from '../domain/labels'

export interface ImageCounts {
  imageId: string
  /** Per class id, pixels that somebody labelled; 255 numbers. */
  perClass: Uint32Array
  /** Their sum, void left out. */
  given: number
  /** Pixels to which label extension gave a class. */
  extended: number
}

/** Weight in the loss of the image's labelled pixels together. */
export function pixelWeight({ given, extended }: ImageCounts, extendedWeight: number): number {
  return given + extendedWeight * extended
}

export function countImage(imageId: string, { classes, provenance }: Labels): ImageCounts {
  const perClass = new Uint32Array(IGNORE)
  let [given, extended] = [0, 0]
  for (let i = 0; i < classes.length; i++) {
    const label = classes[i]
    if (label === IGNORE) continue
    if (provenance[i] === PROVENANCE.extended) extended++
    else {
      perClass[label]++
      given++
    }
  }
  return { imageId, perClass, given, extended }
}

export interface ClassFrequency {
  classId: number
  /** Labelled pixels of the class. */
  pixels: number
  /** Their share of the labelled pixels of all images in which the class occurs, 0..1. */
  frequency: number
}

/** Of every class that somebody labelled, in the order of ids. Void and extended pixels are left out. */
export function classFrequencies(images: readonly ImageCounts[]): ClassFrequency[] {
  return Array.from({ length: IGNORE }, (_, classId) => classId).flatMap((classId) => {
    const holding = images.filter(({ perClass }) => perClass[classId] > 0)
    if (holding.length === 0) return []
    const pixels = holding.reduce((sum, { perClass }) => sum + perClass[classId], 0)
    return { classId, pixels, frequency: pixels / holding.reduce((sum, { given }) => sum + given, 0) }
  })
}

/** The middle number, or the mean of the two middle ones; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}
