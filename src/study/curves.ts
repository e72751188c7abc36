/** Measures of curves: mIoU against the labelled share of the pool, straight between rounds. */

/** A round's point of a curve: both 0..1. */
export interface CurvePoint {
  share: number
  mIoU: number
}

export interface ShareRange {
  from: number
  to: number
}

/**
 * The range of shares that all the curves cover: methods differ by a region or so in what they label, and a run may end
 * early. null where they have no range in common; a curve of fewer than two points has none.
 */
export function commonRange(curves: readonly (readonly CurvePoint[])[]): ShareRange | null {
  if (curves.length === 0) return null
  const from = Math.max(...curves.map((curve) => curve[0]?.share ?? Number.POSITIVE_INFINITY))
  const to = Math.min(...curves.map((curve) => curve.at(-1)?.share ?? Number.NEGATIVE_INFINITY))
  return from < to ? { from, to } : null
}

/** The point of a curve at a share that it passes; none where a round stands there already. */
function between(curve: readonly CurvePoint[], share: number): CurvePoint[] {
  const next = curve.findIndex((point) => point.share >= share)
  const [a, b] = [curve[next - 1], curve[next]]
  if (!a || !b || b.share === share) return []
  return [{ share, mIoU: a.mIoU + ((b.mIoU - a.mIoU) * (share - a.share)) / (b.share - a.share) }]
}

/**
 * Area under the part of a curve in a range of shares, by trapezoids, divided by the range's width: the mean mIoU over
 * it, 0..1. Ends of the range that lie between two rounds are taken from the line between them. null where the curve
 * does not cover the range.
 * @param curve shares ascending
 */
export function areaUnder(curve: readonly CurvePoint[], { from, to }: ShareRange): number | null {
  const [first, last] = [curve[0], curve.at(-1)]
  if (!first || !last || !(from < to) || first.share > from || last.share < to) return null
  const points = [
    ...between(curve, from),
    ...curve.filter(({ share }) => share >= from && share <= to),
    ...between(curve, to),
  ]
  let area = 0
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]]
    if (a && b) area += ((a.mIoU + b.mIoU) / 2) * (b.share - a.share)
  }
  return area / (to - from)
}

/** p90 of p100, the mIoU with all labels: the height by which curves are compared. */
export function p90Of(p100: number): number {
  return 0.9 * p100
}

/**
 * The least share at which a curve is at a height or above, on the line between two rounds; that of the first round
 * where it begins there. null where it never gets there.
 * @param curve shares ascending
 */
export function shareAt(curve: readonly CurvePoint[], height: number): number | null {
  for (const [i, point] of curve.entries()) {
    if (point.mIoU < height) continue
    const before = curve[i - 1]
    if (!before) return point.share
    return before.share + ((height - before.mIoU) / (point.mIoU - before.mIoU)) * (point.share - before.share)
  }
  return null
}
