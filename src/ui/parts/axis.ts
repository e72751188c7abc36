/** Range of a chart's axis in percent: that of the shares (0..1) with a margin, also around a single one. */
export function percentDomain(shares: readonly number[]): [number, number] {
  const low = Math.min(...shares)
  const high = Math.max(...shares)
  const air = Math.max(0.02, 0.15 * (high - low))
  return [100 * Math.max(0, low - air), 100 * Math.min(1, high + air)]
}
