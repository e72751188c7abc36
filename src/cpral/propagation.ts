/** The result of both modes of label extension: the likeliest class of every pixel of the working copy. */
import { IGNORE } from '../domain/labels'

export interface Propagation {
  /** H*W class ids, 255 where no labelled patch has a say. */
  classes: Uint8Array
  /** H*W probability of that class. */
  probability: Float32Array
}

export function emptyPropagation(pixels: number): Propagation {
  return { classes: new Uint8Array(pixels).fill(IGNORE), probability: new Float32Array(pixels) }
}

/** The class with the largest of C sums; ties go to the lowest. */
export function likeliest(sums: Float64Array | Float32Array, start: number, classCount: number): number {
  let best = 0
  for (let c = 1; c < classCount; c++) if (sums[start + c] > sums[start + best]) best = c
  return best
}
