/**
 * Random regions that look at the prediction (ours, after the baseline of nnActive): two thirds of the windows are
 * centred on a pixel predicted as a class drawn evenly, so that rare classes are met as often as common ones; the others
 * are random.
 */
import type { Candidate, Region } from '../domain/round'
import type { Size } from '../domain/size'
import { randomMap, randomStream } from '../math/random'
import {
  type ImageCandidates,
  isSpent,
  randomRegionScores,
  regionCandidates,
  sortedCandidates,
} from './region-selection'

/** Numbers that identify the draw: the run's seed, the round, and the image's position in the project. */
export interface DrawKeys {
  seed: number
  round: number
  order: number
}

/**
 * Windows of one image in random order: for each class (`classId`) those centred on a pixel predicted as it, and those
 * anywhere (no `classId`). Windows of one class do not overlap; a window that is wholly labelled is left out.
 * @param prediction H*W class ids
 * @param labelled H*W, nonzero where a person or the oracle labelled; null = nowhere
 */
export function classAwareCandidates(
  prediction: Uint8Array,
  labelled: Uint8Array | null,
  size: Size,
  side: number,
  { seed, round, order }: DrawKeys,
): Candidate[] {
  const anywhere = regionCandidates(randomRegionScores(size, seed, round, order), labelled, size, side)
  const ofClasses = [...new Set(prediction)]
    .sort((a, b) => a - b)
    .flatMap((classId) => {
      const wordOf = randomMap(seed, 'class-aware-regions', round, order, classId)
      const scores = Float32Array.from(prediction, (id, i) => (id === classId ? (wordOf(i) + 0.5) / 4294967296 : 0))
      return regionCandidates(scores, labelled, size, side).map((candidate) => ({ ...candidate, classId }))
    })
  return [...anywhere, ...ofClasses]
}

/** The next window of a queue that overlaps none of the chosen ones; the queue loses it and those before it. */
function takeFree(queue: Drawn[], chosen: readonly Region[], side: number): Drawn | null {
  for (;;) {
    const next = queue.shift()
    if (!next) return null
    const { x, y } = next.candidate
    const overlaps = chosen.some(
      (region) => region.imageId === next.imageId && Math.abs(region.x - x) < side && Math.abs(region.y - y) < side,
    )
    if (!overlaps) return next
  }
}

type Drawn = ReturnType<typeof sortedCandidates>[number]

/**
 * Draws windows until the budget is spent. Of three, two are for a class drawn evenly from those that have windows left.
 * A pure function of its arguments.
 * @param budgetPixels what may be labelled this round, pixels
 */
export function selectClassAwareRegions(
  images: readonly ImageCandidates[],
  budgetPixels: number,
  side: number,
  { seed, round }: Pick<DrawKeys, 'seed' | 'round'>,
): { regions: Region[]; newPixels: number } {
  const anywhere: Drawn[] = []
  const byClass = new Map<number, Drawn[]>()
  for (const drawn of sortedCandidates(images)) {
    const { classId } = drawn.candidate
    if (classId === undefined) anywhere.push(drawn)
    else byClass.set(classId, [...(byClass.get(classId) ?? []), drawn])
  }
  const stream = randomStream(seed, 'class-aware-draw', round)
  const regions: Region[] = []
  const forSomeClass = (): Drawn | null => {
    while (byClass.size > 0) {
      const classIds = [...byClass.keys()].sort((a, b) => a - b)
      const classId = classIds[stream.below(classIds.length)]
      const drawn = takeFree(byClass.get(classId) as Drawn[], regions, side)
      if (drawn) return drawn
      byClass.delete(classId)
    }
    return null
  }
  let newPixels = 0
  for (let window = 0; !isSpent(newPixels, budgetPixels, side); window++) {
    const isForClass = window % 3 !== 2
    const drawn = isForClass
      ? (forSomeClass() ?? takeFree(anywhere, regions, side))
      : (takeFree(anywhere, regions, side) ?? forSomeClass())
    if (!drawn) break
    const { x, y, score } = drawn.candidate
    regions.push({ imageId: drawn.imageId, x, y, width: side, height: side, score })
    newPixels += drawn.candidate.newPixels
  }
  return { regions, newPixels }
}
