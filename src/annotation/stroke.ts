/** One stroke in the making: it paints into the raster at once, and ends as a change that can be undone. */
import { IGNORE, isLabelled, PROVENANCE } from '../domain/labels'
import type { Rectangle, Size } from '../domain/size'
import type { LabelChange } from '../domain/strokes'
import { ChangeBuilder } from './label-change'
import { fillLabel, type LabelRaster, type PixelLabel, pixelLabel } from './raster'
import { labelRuns, runEnd } from './runs'

/** What a stroke must leave alone. */
export interface Locks {
  /** Paint pixels without a label only. */
  onlyUnlabelled: boolean
  /** Paint inside this rectangle only; null = everywhere. */
  within: Rectangle | null
}

export const NO_LOCKS: Locks = { onlyUnlabelled: false, within: null }

/** Strokes of an image that can be undone, on disk and on the screen. */
export const UNDO_DEPTH = 500

/** Pixels as they were before the stroke: `start` to `end` - 1 of the raster, all in one row. */
interface SavedRun {
  start: number
  end: number
  label: PixelLabel
}

export class Stroke {
  /** The part of the image that may be painted: all of it, or what lies in the lock's rectangle. */
  readonly area: Rectangle
  readonly #raster: LabelRaster
  readonly #onlyUnlabelled: boolean
  /** What the stroke has touched of each row, from left to right. */
  readonly #saved = new Map<number, SavedRun[]>()
  /** Sides of what was painted and not yet drawn. */
  #dirty: { left: number; right: number; top: number; bottom: number } | null = null

  constructor(raster: LabelRaster, locks: Locks = NO_LOCKS) {
    this.#raster = raster
    this.area = intersection({ x: 0, y: 0, ...raster.size }, locks.within)
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

  /** Puts aside those pixels of a row that the stroke has not touched before. */
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

  /** What was painted since the last call, to be drawn; null when nothing was. */
  takeDirty(): Rectangle | null {
    if (!this.#dirty) return null
    const { left, right, top, bottom } = this.#dirty
    this.#dirty = null
    return { x: left, y: top, width: right - left, height: bottom - top }
  }

  /** The change as a whole; null when every pixel is as it was. */
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

  /** Leaves everything as it was before the stroke. */
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
 * Paints the mask that came with an image.
 * @param mask H*W class ids; 255 leaves alone
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

/** Index of the first of a row's runs that comes as far as `start`, or lies behind it. */
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

/** What both have in common, of no size where that is nothing; all of `a` where `b` is null. */
function intersection(a: Rectangle, b: Rectangle | null): Rectangle {
  if (!b) return a
  const x = Math.max(a.x, b.x)
  const y = Math.max(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  }
}
