/** What methods that look at the whole pool know of it, and the class-balanced ranking of its windows. */
import type { Because, Candidate, ClassScores } from '../domain/round'
import { unpackFloats } from '../math/packed-floats'
import { gumbelNoise, type NoiseKeys } from './gumbel-noise'
import { disjointWindows, type WindowGrid } from './window-grid'

/** The scores of one image, unpacked. */
export interface WindowScores {
  /** [windows, C], row-major: see `ClassScores.masses`. */
  masses: Float32Array
  newPixels: Uint32Array | null
}

export function unpackScores({ masses, newPixels }: ClassScores): WindowScores {
  return { masses: unpackFloats(masses), newPixels }
}

/** What is known of the pool as a whole. */
export interface PoolFacts {
  /** Mean over the images of the mean probability of each class: what share of the pool the network gives it. */
  classShares: readonly number[]
  /** Mean and standard deviation of the images' ratings; 0 and 0 without any. */
  rating: { mean: number; deviation: number }
}

/** Sums up the pool's images, one after the other and always in the same order: sums depend on it. */
export class PoolCount {
  readonly #shares: number[]
  readonly #ratings: number[] = []
  #images = 0

  constructor(classCount: number) {
    this.#shares = new Array<number>(classCount).fill(0)
  }

  add(classShares: Float32Array, rating: number | null): void {
    for (let c = 0; c < this.#shares.length; c++) this.#shares[c] += classShares[c]
    if (rating !== null) this.#ratings.push(rating)
    this.#images++
  }

  facts(): PoolFacts {
    const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
    const mean = meanOf(this.#ratings)
    const deviation = Math.sqrt(meanOf(this.#ratings.map((rating) => (rating - mean) ** 2)))
    return {
      classShares: this.#shares.map((sum) => sum / Math.max(1, this.#images)),
      rating: { mean, deviation },
    }
  }
}

/**
 * PixBal's weight of a class (Hwang et al. 2023), (1 + balance * share)^-2, with the share of the pool that the class
 * gets by probability: it sees classes that are nowhere the most probable.
 */
export function classWeights(classShares: readonly number[], balance: number): number[] {
  return classShares.map((share) => (1 + balance * share) ** -2)
}

/** How many standard deviations the image is rated above the pool's mean; 0 in a pool that is rated all alike. */
export function standardRating(rating: number | null, { mean, deviation }: PoolFacts['rating']): number {
  return rating === null || deviation === 0 ? 0 : (rating - mean) / deviation
}

/** Sum over the classes of weight times mass, of every window. */
export function weightedSums(masses: Float32Array, weights: readonly number[]): Float64Array {
  const classCount = weights.length
  return Float64Array.from({ length: masses.length / classCount }, (_, window) => {
    let sum = 0
    for (let c = 0; c < classCount; c++) sum += weights[c] * masses[window * classCount + c]
    return sum
  })
}

/** Scores by their logarithm; -Infinity where the score is 0 or nothing in the window is left to label. */
export function logScores(scores: ArrayLike<number>, newPixels: Uint32Array | null): Float64Array {
  return Float64Array.from(scores, (score, window) =>
    score > 0 && newPixels?.[window] !== 0 ? Math.log(score) : Number.NEGATIVE_INFINITY,
  )
}

/** Why a window has its score. */
export function becauseOf(
  masses: Float32Array,
  window: number,
  weights: readonly number[],
  classShares: readonly number[],
): Because {
  const classCount = weights.length
  const ofWindow = masses.subarray(window * classCount, (window + 1) * classCount)
  const ids = Array.from({ length: classCount }, (_, id) => id)
  const [first, second = first] = ids.sort((a, b) => ofWindow[b] - ofWindow[a] || a - b)
  const brings = (id: number) => weights[id] * ofWindow[id]
  const most = ids.reduce((best, id) => (brings(id) > brings(best) ? id : best))
  const isRare = classShares[most] < 1 / classCount
  return { between: [first, second], ...(isRare && { rare: most }) }
}

/** A window as a candidate for the round's regions. */
export function candidateAt(
  grid: WindowGrid,
  window: number,
  score: number,
  newPixels: Uint32Array | null,
  because: Because,
): Candidate {
  const { side, ys, xs } = grid
  const [y, x] = [ys[Math.floor(window / xs.length)], xs[window % xs.length]]
  return { x, y, score, newPixels: newPixels?.[window] ?? side * side, because }
}

/** What one image offers. */
export interface Offer {
  candidates: Candidate[]
  /** Windows that do not overlap and could be taken, were there no limit for an image. */
  found: number
  /** Sums of every window by which it is ranked, before rating and noise. */
  scores: Float64Array
}

/** Whether and how much an image's rating raises the scores of its windows; `weight` 0 where it does not. */
interface RatingPrior {
  rating: number | null
  weight: number
}

interface BalancedRules {
  balance: number
  prior: RatingPrior
  /** Regions of an image in one round. */
  most: number
  /** 0: the best are candidates; 1: they are drawn in proportion to their scores. */
  temperature: number
}

/**
 * Candidates of one image by class-balanced uncertainty: score = sum of weight times mass, times exp(prior weight * the
 * rating in standard deviations), times exp(temperature * Gumbel noise). Candidates of all images can be ranked
 * together, as by `selectRegions`.
 */
export function balancedCandidates(
  { masses, newPixels }: WindowScores,
  grid: WindowGrid,
  pool: PoolFacts,
  { balance, prior, most, temperature }: BalancedRules,
  keys: NoiseKeys,
): Offer {
  const weights = classWeights(pool.classShares, balance)
  const factor = Math.exp(prior.weight * standardRating(prior.rating, pool.rating))
  const scores = weightedSums(masses, weights)
  const noise = gumbelNoise('balanced-regions', keys, 1)
  const noisy = logScores(scores, newPixels).map((score, window) =>
    temperature > 0 ? score + temperature * noise(window, 0) : score,
  )
  const windows = disjointWindows(noisy, grid, grid.ys.length * grid.xs.length)
  const candidates = windows.slice(0, most).map((window) => {
    const because = becauseOf(masses, window, weights, pool.classShares)
    return candidateAt(grid, window, Math.exp(noisy[window]) * factor, newPixels, because)
  })
  return { candidates, found: windows.length, scores }
}
