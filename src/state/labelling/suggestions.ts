/**
 * Labels that a person may accept: the network's prediction, or labels that extension spreads. Accepted labels have a provenance of their
 * own, which tells them from painted ones.
 */
import { runEnd } from '../../annotation/runs'
import { rectangleSpans } from '../../annotation/shapes'
import type { Stroke } from '../../annotation/stroke'
import type { SuperpixelMap } from '../../annotation/superpixels'
import { IGNORE, PROVENANCE } from '../../domain/labels'
import type { Rectangle, Size } from '../../domain/size'
import { nearestPositions } from '../../image/resample'
import { lowerBound } from '../../math/lower-bound'

/** Suggested class ids at the network's input size, looked up at the image's own size; 255 suggests nothing. */
export class Suggestions {
  readonly classes: Uint8Array
  readonly size: Size
  readonly #columns: Int32Array
  readonly #rows: Int32Array

  constructor(classes: Uint8Array, size: Size, image: Size) {
    this.classes = classes
    this.size = size
    this.#columns = nearestPositions(size.width, image.width)
    this.#rows = nearestPositions(size.height, image.height)
  }

  /** Suggested class id of a pixel of the image. */
  at(x: number, y: number): number {
    return this.classes[this.#rows[y] * this.size.width + this.#columns[x]]
  }

  /** Paints the suggestions in an area; with `classId`, those of that class only. */
  accept(stroke: Stroke, area: Rectangle, classId: number | null) {
    this.#answer(stroke, area, classId, (suggested) => suggested, PROVENANCE.accepted)
  }

  /** Marks the suggestions in an area as refused: those pixels get no label, and extension never suggests one there again. */
  reject(stroke: Stroke, area: Rectangle, classId: number | null) {
    this.#answer(stroke, area, classId, () => IGNORE, PROVENANCE.rejected)
  }

  #answer(
    stroke: Stroke,
    area: Rectangle,
    classId: number | null,
    labelOf: (suggested: number) => number,
    provenance: number,
  ) {
    this.#spans(area, (y, x0, x1, suggested) => {
      const isMeant = suggested !== IGNORE && (classId === null || suggested === classId)
      if (isMeant) stroke.fill(y, x0, x1, labelOf(suggested) | (provenance << 8))
    })
  }

  /** Calls `take` for each span of one suggested class in an area, row by row. */
  #spans(area: Rectangle, take: (y: number, x0: number, x1: number, suggested: number) => void) {
    const { width } = this.size
    rectangleSpans(area, (y, x0, x1) => {
      const row = this.#rows[y] * width
      for (let x = x0, end = x0; x < x1; x = end) {
        const at = row + this.#columns[x]
        // The network has fewer columns than the image: each lies over several of the image's.
        end = Math.min(x1, lowerBound(this.#columns, runEnd(at, row + width, this.classes) - row))
        take(y, x, end, this.classes[at])
      }
    })
  }

  /** Paints a whole superpixel with the class that is suggested for most of its pixels. */
  acceptSuperpixel(stroke: Stroke, map: SuperpixelMap, id: number) {
    const votes = new Map<number, number>()
    map.spans(id, (y, x0, x1) => {
      for (let x = x0; x < x1; x++) votes.set(this.at(x, y), (votes.get(this.at(x, y)) ?? 0) + 1)
    })
    const [winner] = [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best), [IGNORE, 0])
    if (winner !== IGNORE) map.spans(id, (y, x0, x1) => stroke.fill(y, x0, x1, winner | (PROVENANCE.accepted << 8)))
  }

  /** Share of each suggested class in an area, the largest first. */
  shares(area: Rectangle): { classId: number; share: number }[] {
    const counts = new Map<number, number>()
    this.#spans(area, (_, x0, x1, classId) => counts.set(classId, (counts.get(classId) ?? 0) + x1 - x0))
    return [...counts]
      .map(([classId, count]) => ({ classId, share: count / (area.width * area.height) }))
      .sort((a, b) => b.share - a.share)
  }
}
