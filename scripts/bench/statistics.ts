/** What is made of times: medians and their spread, never a lone number. */

export interface Summary {
  median: number
  /** Smallest and largest of the samples. */
  least: number
  most: number
  count: number
}

/** The middle one, or the mean of the two in the middle. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  if (sorted.length % 2 === 1) return sorted[Math.floor(half)]
  return (sorted[half - 1] + sorted[half]) / 2
}

export function summarise(values: readonly number[]): Summary {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values), count: values.length }
}

/**
 * Median of the ratios of samples taken side by side: what slows the machine for a while slows both of a pair.
 * @returns null where there is no pair
 */
export function pairedRatio(numerators: readonly number[], denominators: readonly number[]): number | null {
  const pairs = Math.min(numerators.length, denominators.length)
  if (pairs === 0) return null
  return median(Array.from({ length: pairs }, (_, i) => numerators[i] / denominators[i]))
}
