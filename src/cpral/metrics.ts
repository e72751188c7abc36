/** Measures of a network: confusion and mIoU. */
import { IGNORE } from '../domain/labels'
import type { Evaluation } from '../domain/round'

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

/**
 * IoU_c = n_cc / (row_c + column_c - n_cc); mIoU is the mean over the classes that occur in ground truth or prediction.
 * Without any judged pixel mIoU and pixel accuracy are NaN.
 */
export function evaluation(confusion: Confusion): Evaluation {
  const classCount = Math.sqrt(confusion.length)
  const classes = Array.from({ length: classCount }, (_, c) => c)
  const sum = (index: (k: number) => number) => classes.reduce((total, k) => total + confusion[index(k)], 0)
  const correct = sum((k) => k * classCount + k)
  const iouPerClass = classes.map((c) => {
    const hit = confusion[c * classCount + c]
    const union = sum((k) => c * classCount + k) + sum((k) => k * classCount + c) - hit
    return union > 0 ? hit / union : null
  })
  const present = iouPerClass.filter((iou) => iou !== null)
  const total = confusion.reduce((pixels, count) => pixels + count, 0)
  return {
    mIoU: present.reduce((all, iou) => all + iou, 0) / present.length,
    iouPerClass,
    pixelAccuracy: correct / total,
    confusion: [...confusion],
  }
}
