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
