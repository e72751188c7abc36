/** Numbers over the seeds of a study: what they spread, and how sure a difference is. */
import { randomStream } from '../math/random'

/** n values in short. */
export interface Spread {
  n: number
  mean: number
  /** Standard deviation of the sample (n - 1); null for a single value. */
  deviation: number | null
  least: number
  most: number
}

/** null without values. */
export function spreadOf(values: readonly number[]): Spread | null {
  const n = values.length
  if (n === 0) return null
  const mean = meanOf(values)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    n,
    mean,
    deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null,
    least: Math.min(...values),
    most: Math.max(...values),
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/**
 * The q-quantile, linear between the two values next to it (Hyndman and Fan's seventh, NumPy's default).
 * @param sorted ascending, at least one
 * @param q 0..1
 */
export function quantile(sorted: readonly number[], q: number): number {
  const place = q * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0]
  return low + (high - low) * (place - Math.floor(place))
}

export interface Interval {
  from: number
  to: number
}

/** Below this many seeds an interval would say nothing. */
export const LEAST_SEEDS = 3
const RESAMPLES = 10_000
const COVERED = 0.95

/**
 * 95 % interval of the mean by the bootstrap (Efron 1979, percentiles of 10,000 resamples): the same for the same
 * values in the same order. null for fewer than `LEAST_SEEDS` values.
 */
export function bootstrapInterval(values: readonly number[]): Interval | null {
  const n = values.length
  if (n < LEAST_SEEDS) return null
  const random = randomStream(0, 'bootstrap')
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += values[random.below(n)] ?? 0
    return sum / n
  }).sort((a, b) => a - b)
  return { from: quantile(means, (1 - COVERED) / 2), to: quantile(means, (1 + COVERED) / 2) }
}

/** How much more one method comes to than another with the same seeds. */
export interface PairedDifference {
  /** Seeds that both have. */
  n: number
  mean: number
  /** Of the mean; null for fewer than `LEAST_SEEDS` seeds. */
  interval: Interval | null
}

/**
 * The mean over the seeds that both have of `values` - `baseline`, with its interval: seeds are resampled, and a seed's
 * two values stay together. null where no seed is common.
 * @param values seed -> value
 */
export function pairedDifference(
  values: ReadonlyMap<number, number>,
  baseline: ReadonlyMap<number, number>,
): PairedDifference | null {
  const seeds = [...values.keys()].sort((a, b) => a - b)
  const differences = seeds.flatMap((seed) => {
    const [value, base] = [values.get(seed), baseline.get(seed)]
    return value === undefined || base === undefined ? [] : [value - base]
  })
  if (differences.length === 0) return null
  return { n: differences.length, mean: meanOf(differences), interval: bootstrapInterval(differences) }
}
