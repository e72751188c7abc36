/**
 * The oracle: it answers a round's question by copying the ground truth, as in the paper's experiments. Under label
 * noise, all that it answers has wrong labels in it, the initial pool too; what counts and judges takes the ground truth.
 */
import { AppError } from '../domain/errors'
import { IGNORE, isLabelled, type Labels, PROVENANCE } from '../domain/labels'
import type { NoiseCount } from '../domain/round'
import type { Rectangle, Size } from '../domain/size'

export interface Annotation {
  /** Pixels that were not labelled before, void included: the pixels that the budget pays for. */
  newPixels: number
  /** New pixels per class of the ground truth, void not counted. */
  classPixels: number[]
  /** Wrong labels among the new pixels. */
  noise: NoiseCount
}

/**
 * Copies the oracle's answer inside `regions` into `labels`, in place. Void pixels become class 255 with provenance
 * oracle: they were paid for, and so were those whose class the answer leaves out. What a person or the oracle labelled
 * before stays; extended labels are replaced.
 * @param truth H*W class ids, 255 = void
 * @param answer H*W class ids, as the ground truth or with wrong labels in it
 * @throws bad_label if the ground truth holds an id outside the class set; nothing is changed then
 */
export function annotateRegions(
  labels: Labels,
  truth: Uint8Array,
  size: Size,
  regions: readonly Rectangle[],
  classCount: number,
  answer = truth,
): Annotation {
  checkTruth(truth, classCount)
  const classPixels = new Array<number>(classCount).fill(0)
  const noise = noNoise()
  let newPixels = 0
  for (const { x, y, width, height } of regions) {
    for (let r = y; r < y + height; r++) {
      for (let i = r * size.width + x; i < r * size.width + x + width; i++) {
        if (isLabelled(labels.provenance[i])) continue
        labels.classes[i] = answer[i]
        labels.provenance[i] = PROVENANCE.oracle
        newPixels++
        if (truth[i] !== IGNORE) classPixels[truth[i]]++
        countLabel(noise, truth[i], answer[i])
      }
    }
  }
  return { newPixels, classPixels, noise }
}

/** Copies the whole answer: the initial pool, and the methods that label whole images. */
export function annotateImage(
  labels: Labels,
  truth: Uint8Array,
  size: Size,
  classCount: number,
  answer = truth,
): Annotation {
  return annotateRegions(labels, truth, size, [{ x: 0, y: 0, ...size }], classCount, answer)
}

export function noNoise(): NoiseCount {
  return { answered: 0, wrong: 0, missing: 0 }
}

export function addNoise(total: NoiseCount, { answered, wrong, missing }: NoiseCount): void {
  total.answered += answered
  total.wrong += wrong
  total.missing += missing
}

/** Counts the wrong labels among all that the oracle gave to an image. */
export function noiseOf({ classes, provenance }: Labels, truth: Uint8Array): NoiseCount {
  const noise = noNoise()
  for (let i = 0; i < truth.length; i++) {
    if (provenance[i] === PROVENANCE.oracle) countLabel(noise, truth[i], classes[i])
  }
  return noise
}

function countLabel(noise: NoiseCount, truth: number, answer: number): void {
  if (truth === IGNORE) return
  noise.answered++
  if (answer === IGNORE) noise.missing++
  else if (answer !== truth) noise.wrong++
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
