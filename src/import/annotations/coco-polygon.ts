/** Which pixels are inside a polygon of COCO: the rule of pycocotools. */
import type { Size } from '../../domain/size'
import type { ColumnRuns } from './columns'

/** A pixel is 5 x 5 dots. The edges are walked dot by dot; a column begins to count in its middle dot. */
const SCALE = 5
const MIDDLE = 2

/**
 * The runs of pixels inside, column by column; by the even-odd rule where the polygon crosses itself.
 * @param points x and y in turns, in pixels, finite; at least three
 */
export function polygonRuns(points: readonly number[], size: Size): ColumnRuns {
  const dots = points.map((position) => Math.trunc(SCALE * position + 0.5))
  const crossings: number[] = []
  for (let i = 0; i < dots.length; i += 2) {
    const j = (i + 2) % dots.length
    crossEdge(dots[i], dots[i + 1], dots[j], dots[j + 1], size, crossings)
  }
  // Every column is crossed an even number of times, so that in order they are starts and ends.
  const runs: number[] = []
  for (const crossing of Float64Array.from(crossings).sort()) {
    // Two crossings at one place take each other away.
    if (runs[runs.length - 1] === crossing) runs.pop()
    else runs.push(crossing)
  }
  return runs
}

/** Adds the pixel, numbered down the columns, at which an edge enters or leaves each column that it crosses. */
function crossEdge(x1: number, y1: number, x2: number, y2: number, size: Size, crossings: number[]): void {
  const [across, down] = [Math.abs(x2 - x1), Math.abs(y2 - y1)]
  const first = Math.max(0, Math.ceil((Math.min(x1, x2) - MIDDLE) / SCALE))
  const last = Math.min(size.width - 1, Math.ceil((Math.max(x1, x2) - MIDDLE) / SCALE) - 1)
  // Edges are walked along their longer side, from its smaller end.
  const isFlat = across >= down
  const isTurned = isFlat ? x1 > x2 : y1 > y2
  const [startX, startY, endX, endY] = isTurned ? [x2, y2, x1, y1] : [x1, y1, x2, y2]
  const slope = isFlat ? (endY - startY) / across : (endX - startX) / down
  for (let column = first; column <= last; column++) {
    // The column is crossed between this dot and the next one to the right.
    const dot = column * SCALE + MIDDLE
    const row = isFlat ? Math.min(rowAt(dot - startX), rowAt(dot + 1 - startX)) : startY + stepBefore(dot)
    const pixel = Math.ceil((row - MIDDLE) / SCALE)
    crossings.push(column * size.height + Math.min(Math.max(pixel, 0), size.height))
  }

  function rowAt(step: number): number {
    return Math.trunc(startY + slope * step + 0.5)
  }

  function isBeyond(step: number, dot: number): boolean {
    const x = Math.trunc(startX + slope * step + 0.5)
    return slope > 0 ? x > dot : x <= dot
  }

  /** The last step of a steep edge before it leaves `dot` to the right, or reaches it from there. */
  function stepBefore(dot: number): number {
    let step = Math.round((dot + 0.5 - startX) / slope)
    while (step > 0 && isBeyond(step, dot)) step--
    while (step + 1 < down && !isBeyond(step + 1, dot)) step++
    return step
  }
}
