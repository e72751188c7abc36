/** How many pixels of a mask have which class: what is known of ground truth before a run. */
import { IGNORE } from './labels'
import type { GroundTruthRecord, ImageRecord } from './project'

/** Pixels of each class id, in order of the ids; the last entry is of void. */
export type ClassPixels = readonly number[]

/** The pixels of an image's ground truth. */
export interface TruthPixels extends Pick<ImageRecord, 'split' | 'size'> {
  imageId: string
  pixels: ClassPixels
}

/** @param classIds H*W, 255 = void; ids from `classCount` on count as void */
export function countClassIds(classIds: Uint8Array, classCount: number): number[] {
  const ofId = new Array<number>(IGNORE + 1).fill(0)
  for (const id of classIds) ofId[id]++
  const pixels = ofId.slice(0, classCount)
  return [...pixels, classIds.length - sum(pixels)]
}

/** Pixels that have a class. */
export function classedPixels(pixels: ClassPixels): number {
  return sum(pixels.slice(0, -1))
}

/** The counts that were stored with ground truth, for today's number of classes; null where none were. */
export function storedPixels({ pixels }: Pick<GroundTruthRecord, 'pixels'>, classCount: number): ClassPixels | null {
  if (!pixels) return null
  // Classes can be added later, behind those of the masks.
  const later = new Array<number>(Math.max(0, classCount + 1 - pixels.length)).fill(0)
  return [...pixels.slice(0, -1), ...later, pixels[pixels.length - 1]]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
