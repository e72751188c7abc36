import type { Evaluation } from '../domain/round'
import type { Confusion } from './confusion'

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
