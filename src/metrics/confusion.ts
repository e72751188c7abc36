import { IGNORE } from '../domain/labels'

/** Confusion counts n[truth * C + prediction], float64 pixels. */
export type Confusion = Float64Array

export function emptyConfusion(classCount: number): Confusion {
  return new Float64Array(classCount * classCount)
}

/**
 * Adds one image. Only pixels whose ground truth is in 0..C-1 count; void (255) is left out.
 * @param truth H*W class ids
 * @param prediction H*W class ids in 0..C-1
 */
export function addToConfusion(
  confusion: Confusion,
  truth: Uint8Array,
  prediction: Uint8Array | Int32Array,
  classCount: number,
): void {
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] < classCount && truth[i] !== IGNORE) confusion[truth[i] * classCount + prediction[i]]++
  }
}
