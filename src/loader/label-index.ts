/**
 * What the labels of a round hold, counted once before its training: how much of every image is labelled, how often
 * each class occurs. A pure function of the committed labels.
 */
import { hasClass, IGNORE, type Labels, PROVENANCE } from '../domain/labels'

export interface ImageCounts {
  imageId: string
  /** Per class id, pixels that somebody labelled; 255 numbers. */
  perClass: Uint32Array
  /** Their sum, void left out. */
  given: number
  /** Pixels to which label extension gave a class. */
  extended: number
  /** Less than half of the image has a label, void and extended ones counted. */
  isSparse: boolean
}

/** Weight in the loss of the image's labelled pixels together, or of those that somebody labelled as `classId`. */
export function pixelWeight(
  { perClass, given, extended }: ImageCounts,
  classId: number | null,
  extendedWeight: number,
) {
  return classId === null ? given + extendedWeight * extended : perClass[classId]
}

export function countImage(imageId: string, { classes, provenance }: Labels): ImageCounts {
  const perClass = new Uint32Array(IGNORE)
  let [given, extended, withLabel] = [0, 0, 0]
  for (let i = 0; i < classes.length; i++) {
    const label = classes[i]
    if (hasClass(provenance[i])) withLabel++
    if (label === IGNORE) continue
    if (provenance[i] === PROVENANCE.extended) extended++
    else {
      perClass[label]++
      given++
    }
  }
  return { imageId, perClass, given, extended, isSparse: 2 * withLabel < classes.length }
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

/** 255 flags, 1 for a class that is rarer than the median class. */
export function rareClasses(frequencies: readonly ClassFrequency[]): Uint8Array {
  const isRare = new Uint8Array(IGNORE)
  const middle = median(frequencies.map(({ frequency }) => frequency))
  for (const { classId, frequency } of frequencies) isRare[classId] = frequency < middle ? 1 : 0
  return isRare
}
