/** The oracle: it answers a round's question by copying the ground truth, as in the paper's experiments. */
import { AppError } from '../domain/errors'
import { IGNORE, isLabelled, type Labels, PROVENANCE } from '../domain/labels'
import type { Rectangle, Size } from '../domain/size'

export interface Annotation {
  /** Pixels that were not labelled before, void included: the pixels that the budget pays for. */
  newPixels: number
  /** New pixels per class, void not counted. */
  classPixels: number[]
}

/**
 * Copies the ground truth inside `regions` into `labels`, in place. Void pixels become class 255 with provenance
 * oracle: they were paid for. What a person or the oracle labelled before stays; extended labels are replaced.
 * @param truth H*W class ids, 255 = void
 * @throws bad_label if the ground truth holds an id outside the class set; nothing is changed then
 */
export function annotateRegions(
  labels: Labels,
  truth: Uint8Array,
  size: Size,
  regions: readonly Rectangle[],
  classCount: number,
): Annotation {
  checkTruth(truth, classCount)
  const classPixels = new Array<number>(classCount).fill(0)
  let newPixels = 0
  for (const { x, y, width, height } of regions) {
    for (let r = y; r < y + height; r++) {
      for (let i = r * size.width + x; i < r * size.width + x + width; i++) {
        if (isLabelled(labels.provenance[i])) continue
        labels.classes[i] = truth[i]
        labels.provenance[i] = PROVENANCE.oracle
        newPixels++
        if (truth[i] !== IGNORE) classPixels[truth[i]]++
      }
    }
  }
  return { newPixels, classPixels }
}

/** Copies the whole ground truth: the initial pool, and the methods that label whole images. */
export function annotateImage(labels: Labels, truth: Uint8Array, size: Size, classCount: number): Annotation {
  return annotateRegions(labels, truth, size, [{ x: 0, y: 0, ...size }], classCount)
}

/** Adds the ground truth's pixels per class to `classPixels`: the pool's class shares. */
export function countClassPixels(truth: Uint8Array, classPixels: number[]): void {
  for (const id of truth) if (id !== IGNORE) classPixels[id]++
}

function checkTruth(truth: Uint8Array, classCount: number): void {
  const stranger = truth.find((id) => id >= classCount && id !== IGNORE)
  if (stranger !== undefined) {
    throw new AppError(
      'bad_label',
      `The ground truth holds class id ${stranger}, but there are ${classCount} classes (0 to ${classCount - 1}, 255 = void).`,
      'Correct the label image or choose the class list it was made with.',
    )
  }
}
