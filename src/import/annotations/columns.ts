/**
 * Pixels counted down the columns, as run lengths count them: (x, y) is number x * height + y.
 */
import { IGNORE } from '../../domain/labels'
import type { Size } from '../../domain/size'

/** Start and end (excluded) of runs, in turns, numbered down the columns. */
export type ColumnRuns = readonly number[]

export function countPixels(runs: ColumnRuns): number {
  let pixels = 0
  for (let i = 0; i < runs.length; i += 2) pixels += runs[i + 1] - runs[i]
  return pixels
}

/** Width and height of the blocks that are turned at a time: few enough rows and columns for the processor's cache. */
const BLOCK = 64

/** Class ids that are painted down the columns, one shape above the other; 255 before. */
export class ColumnCanvas {
  private readonly ids: Uint8Array

  constructor(readonly size: Size) {
    this.ids = new Uint8Array(size.height * size.width).fill(IGNORE)
  }

  paint(runs: ColumnRuns, id: number): void {
    for (let i = 0; i < runs.length; i += 2) this.ids.fill(id, runs[i], runs[i + 1])
  }

  /** Pixels `left` to `right` - 1 of a row of the canvas. */
  paintRow(left: number, right: number, y: number, id: number): void {
    const { height, width } = this.size
    for (let x = Math.max(left, 0); x < Math.min(right, width); x++) this.ids[x * height + y] = id
  }

  /** H*W class ids, row by row. */
  rows(): Uint8Array {
    const { height, width } = this.size
    const rows = new Uint8Array(this.ids.length)
    for (let left = 0; left < width; left += BLOCK) {
      const right = Math.min(width, left + BLOCK)
      for (let top = 0; top < height; top += BLOCK) {
        const bottom = Math.min(height, top + BLOCK)
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) rows[y * width + x] = this.ids[x * height + y]
        }
      }
    }
    return rows
  }
}
