/** A stroke being painted: it paints into the raster at once, and ends as a change that can be undone. */
import { IGNORE, isLabelled, PROVENANCE } from '../domain/labels'
import { overlapOf, type Rectangle, type Size } from '../domain/size'
import type { LabelChange } from '../domain/strokes'
import { ChangeBuilder } from './label-change'
import { fillLabel, type LabelRaster, type PixelLabel, pixelLabel } from './raster'
import { labelRuns, runEnd } from './runs'

/** Pixels that a stroke must leave alone. */
export interface Locks {
  /** Paint pixels without a label only. */
  onlyUnlabelled: boolean
  /** Paint inside this rectangle only; null = everywhere. */
  within: Rectangle | null
}

export const NO_LOCKS: Locks = { onlyUnlabelled: false, within: null }

/** Number of an image's strokes that can be undone, on disk and on the screen. */
export const UNDO_DEPTH = 500

/** The label that pixels of one row, indices `start` to `end` - 1 of the raster, had before the stroke. */
interface SavedRun {
  start: number
  end: number
  label: PixelLabel
}

const NOWHERE: Rectangle = { x: 0, y: 0, width: 0, height: 0 }

export class Stroke {
  /** The part of the image that may be painted: all of it, or its part inside the lock's rectangle. */
  readonly area: Rectangle
  readonly #raster: LabelRaster
  readonly #onlyUnlabelled: boolean
  /** Runs that the stroke has touched, from left to right, by row. */
  readonly #saved = new Map<number, SavedRun[]>()
  /** Bounds of the pixels that were painted since the last `takeDirty`. */
  #dirty: { left: number; right: number; top: number; bottom: number } | null = null

  constructor(raster: LabelRaster, locks: Locks = NO_LOCKS) {
    this.#raster = raster
    const whole = { x: 0, y: 0, ...raster.size }
    this.area = locks.within ? (overlapOf(whole, locks.within) ?? NOWHERE) : whole
    this.#onlyUnlabelled = locks.onlyUnlabelled
  }

  /** Gives the pixels x0 to x1 - 1 of row `y` one label. Pixels outside the image, or locked, stay. */
  fill(y: number, x0: number, x1: number, label: PixelLabel): void {
    const { area } = this
    const raster = this.#raster
    const left = Math.max(x0, area.x)
    const right = Math.min(x1, area.x + area.width)
    if (y < area.y || y >= area.y + area.height || left >= right) return
    const row = this.#saved.get(y) ?? []
    if (row.length === 0) this.#saved.set(y, row)
    const [start, end] = [y * raster.size.width + left, y * raster.size.width + right]
    this.#save(row, start, end)
    this.#touch(y, left, right)
    if (!this.#onlyUnlabelled) fillLabel(raster, start, end, label)
    else
      labelRuns(raster, start, end, (from, to, is) => {
        if (!isLabelled(is >> 8)) fillLabel(raster, from, to, label)
      })
  }

  /** Saves the labels of those pixels of a row that the stroke touches for the first time. */
  #save(row: SavedRun[], start: number, end: number): void {
    const first = firstReaching(row, start)
    if (first < row.length && row[first].start <= start && row[first].end >= end) return
    const runs: SavedRun[] = []
    const add = (from: number, to: number, label: PixelLabel) => {
      const last = runs[runs.length - 1]
      if (last?.end === from && last.label === label) last.end = to
      else runs.push({ start: from, end: to, label })
    }
    let at = start
    let next = first
    for (; next < row.length && row[next].start <= end; next++) {
      const touched = row[next]
      labelRuns(this.#raster, at, touched.start, add)
      add(touched.start, touched.end, touched.label)
      at = touched.end
    }
    labelRuns(this.#raster, at, end, add)
    row.splice(first, next - first, ...runs)
  }

  #touch(y: number, left: number, right: number): void {
    const dirty = this.#dirty
    if (!dirty) {
      this.#dirty = { left, right, top: y, bottom: y + 1 }
      return
    }
    dirty.left = Math.min(dirty.left, left)
    dirty.right = Math.max(dirty.right, right)
    dirty.top = Math.min(dirty.top, y)
    dirty.bottom = Math.max(dirty.bottom, y + 1)
  }

  /** Bounds of the pixels that were painted since the last call, to be drawn; null when there are none. */
  takeDirty(): Rectangle | null {
    if (!this.#dirty) return null
    const { left, right, top, bottom } = this.#dirty
    this.#dirty = null
    return { x: left, y: top, width: right - left, height: bottom - top }
  }

  /** The stroke as one change; null when every pixel is as it was. */
  finish(): LabelChange | null {
    const builder = new ChangeBuilder()
    for (const [, row] of [...this.#saved].sort(([a], [b]) => a - b)) {
      for (const { start, end, label: before } of row) {
        labelRuns(this.#raster, start, end, (first, next, after) => {
          if (after !== before) builder.add(first, next - first, before, after)
        })
      }
    }
    const change = builder.build()
    return change.starts.length > 0 ? change : null
  }

  /** Gives every pixel the label back that it had before the stroke. */
  cancel(): void {
    const { width } = this.#raster.size
    for (const [y, row] of this.#saved) {
      for (const { start, end, label } of row) fillLabel(this.#raster, start, end, label)
      this.#touch(y, row[0].start - y * width, row[row.length - 1].end - y * width)
    }
    this.#saved.clear()
  }
}

/**
 * Paints a mask that was imported with an image.
 * @param mask H*W class ids; 255 leaves a pixel as it is
 */
export function paintMask(stroke: Stroke, mask: Uint8Array, { height, width }: Size): void {
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let start = row, end = row; start < row + width; start = end) {
      end = runEnd(start, row + width, mask)
      const label = pixelLabel(mask[start], PROVENANCE.imported)
      if (mask[start] !== IGNORE) stroke.fill(y, start - row, end - row, label)
    }
  }
}

/** Index of the first of a row's runs that ends at `start` or behind it. */
function firstReaching(row: readonly SavedRun[], start: number): number {
  let low = 0
  let high = row.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (row[middle].end < start) low = middle + 1
    else high = middle
  }
  return low
}
