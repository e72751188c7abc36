/**
 * Entropy class by class (after ClaSP, nnActive 2026, in two dimensions; ours): a part of the regions is divided evenly
 * among the classes, each class taking the windows that hold most of its uncertainty; the others go by entropy alone.
 * Noise, much of it in the first query and little in the last, keeps the first choices from being all alike.
 */
import type { Candidate, Region } from '../domain/round'
import { randomStream } from '../math/random'
import { gumbelNoise, type NoiseKeys } from './gumbel-noise'
import {
  becauseOf,
  candidateAt,
  logScores,
  type Offer,
  type PoolFacts,
  type WindowScores,
  weightedSums,
} from './pool-scores'
import { type ImageCandidates, isSpent, sortedCandidates } from './region-selection'
import { disjointWindows, type WindowGrid } from './window-grid'

/** Sharpness of the choice at a query: 1 at the first, 100 at the last round, which asks for nothing. */
export function sharpness(round: number, rounds: number): number {
  return rounds > 1 ? 100 ** ((round - 1) / (rounds - 1)) : 1
}

interface StratifiedRules {
  /** `sharpness` of this query. */
  beta: number
  /** Regions of an image in one round. */
  most: number
}

/**
 * Candidates of one image: for each class (`classId`) at most `most`, and for all classes together (no `classId`) as
 * many as others can crowd out. Those of one list do not overlap. Scores are mass times e^(noise / beta).
 */
export function stratifiedCandidates(
  { masses, newPixels }: WindowScores,
  grid: WindowGrid,
  pool: PoolFacts,
  { beta, most }: StratifiedRules,
  keys: NoiseKeys,
): Offer {
  const { classShares } = pool
  const classCount = classShares.length
  const noise = gumbelNoise('stratified-entropy', keys, classCount + 1)
  const ones = classShares.map(() => 1)
  const best = (scores: ArrayLike<number>, column: number, wanted: number) => {
    const noisy = logScores(scores, newPixels).map((score, window) => score + noise(window, column) / beta)
    return disjointWindows(noisy, grid, wanted).map((window) => ({ window, score: Math.exp(noisy[window]) }))
  }
  const offered = (windows: ReturnType<typeof best>, weights: readonly number[]): Candidate[] =>
    windows.map(({ window, score }) =>
      candidateAt(grid, window, score, newPixels, becauseOf(masses, window, weights, classShares)),
    )
  const scores = weightedSums(masses, ones)
  const together = best(scores, classCount, grid.ys.length * grid.xs.length)
  // A region overlaps at most four windows of a list, for these do not overlap.
  const candidates = offered(together.slice(0, 4 * (most - 1) + 1), ones)
  for (let classId = 0; classId < classCount; classId++) {
    const ofClass = masses.filter((_, i) => i % classCount === classId)
    const weights = ones.map((_, id) => Number(id === classId))
    for (const candidate of offered(best(ofClass, classId, most), weights)) candidates.push({ ...candidate, classId })
  }
  return { candidates, found: together.length, scores }
}

/** How many regions a class takes at most. */
interface ClassQuota {
  classId: number
  regions: number
}

/**
 * Divides `classQuota` of the round's regions evenly among the classes; those that do not divide go to classes drawn at
 * random. Classes in the order of their turns, at random.
 * @param regions of the round, as many whole windows as the budget has
 */
export function classQuotas(
  regions: number,
  classQuota: number,
  classCount: number,
  { seed, round }: Pick<NoiseKeys, 'seed' | 'round'>,
): ClassQuota[] {
  const divided = Math.floor(classQuota * regions)
  const stream = randomStream(seed, 'stratified-classes', round)
  const ids = Array.from({ length: classCount }, (_, id) => id)
  const more = new Set(stream.shuffle(ids).slice(0, divided % classCount))
  const even = Math.floor(divided / classCount)
  return stream.shuffle(ids).map((classId) => ({ classId, regions: even + Number(more.has(classId)) }))
}

/**
 * The regions to annotate: those of the classes, each in its turn, then those of all classes together, to which is left
 * what a class has no windows for.
 * @param budgetPixels what may be labelled this round
 * @param most regions of an image
 */
export function selectStratifiedRegions(
  images: readonly ImageCandidates[],
  budgetPixels: number,
  side: number,
  quotas: readonly ClassQuota[],
  most: number,
): { regions: Region[]; newPixels: number } {
  const lists = new Map<number | undefined, ReturnType<typeof sortedCandidates>>()
  for (const drawn of sortedCandidates(images)) {
    const list = lists.get(drawn.candidate.classId)
    if (list) list.push(drawn)
    else lists.set(drawn.candidate.classId, [drawn])
  }
  const regions: Region[] = []
  const ofImages = new Map<string, Region[]>()
  let newPixels = 0
  const takeFrom = (classId: number | undefined, wanted: number) => {
    let taken = 0
    for (const { imageId, candidate } of lists.get(classId) ?? []) {
      if (taken >= wanted || isSpent(newPixels, budgetPixels, side)) return
      const { x, y, score, because } = candidate
      const others = ofImages.get(imageId) ?? []
      const overlaps = others.some((other) => Math.abs(other.x - x) < side && Math.abs(other.y - y) < side)
      if (overlaps || others.length >= most) continue
      const region = { imageId, x, y, width: side, height: side, score, ...(because && { because }) }
      regions.push(region)
      ofImages.set(imageId, [...others, region])
      newPixels += candidate.newPixels
      taken++
    }
  }
  for (const { classId, regions: wanted } of quotas) takeFrom(classId, wanted)
  takeFrom(undefined, Number.POSITIVE_INFINITY)
  return { regions, newPixels }
}
