/**
 * Measures of a network: confusion, mIoU, and the share of labels at which a learning curve reaches the paper's bar.
 */
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

/** One round of a learning curve. */
export interface CurvePoint {
  labelledShare: number
  mIoU: number
}

/** The paper's bar: 90% of the mIoU that the same net and schedule reach on all labels. */
export function p90(fullMIoU: number): number {
  return 0.9 * fullMIoU
}

/**
 * Labelled share at which the curve first reaches `target`, linear between rounds; the first round's share when that is
 * already there. A curve that stays below says so: nothing is extrapolated.
 */
export function labelledShareAt(curve: readonly CurvePoint[], target: number): number | 'not reached' {
  const index = curve.findIndex(({ mIoU }) => mIoU >= target)
  if (index < 0) return 'not reached'
  const after = curve[index]
  const before = curve[index - 1]
  if (!before) return after.labelledShare
  const t = (target - before.mIoU) / (after.mIoU - before.mIoU)
  return before.labelledShare + t * (after.labelledShare - before.labelledShare)
}
