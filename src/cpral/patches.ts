/** Patches of a working copy: which are keys (labelled), which are queries, and their colours as rows (paper Eq. 7). */
import { IGNORE } from '../storage/schema'
import type { Size } from './config'
import type { WorkingCopy } from './working-copy'

/** The grid of whole patches of side `patch` every `stride` pixels; a cell is a row-major index into it. */
export interface PatchGrid {
  patch: number
  stride: number
  rows: number
  columns: number
  /** Cells whose pixels are all annotated and free of void. */
  keys: Int32Array
  /** Cells with a pixel that is not annotated. */
  queries: Int32Array
}

/** Index of the top-left pixel of a cell. */
export function patchOrigin(grid: PatchGrid, size: Size, cell: number): number {
  return Math.floor(cell / grid.columns) * grid.stride * size.width + (cell % grid.columns) * grid.stride
}

/** Offsets of a patch's pixels from its top-left one, row by row. */
export function patchOffsets(patch: number, size: Size): Int32Array {
  return Int32Array.from({ length: patch * patch }, (_, i) => Math.floor(i / patch) * size.width + (i % patch))
}

export function patchGrid({ size, classes, annotated }: WorkingCopy, patch: number, stride: number): PatchGrid {
  const rows = Math.max(0, Math.floor((size.height - patch) / stride) + 1)
  const columns = Math.max(0, Math.floor((size.width - patch) / stride) + 1)
  const grid: PatchGrid = { patch, stride, rows, columns, keys: new Int32Array(), queries: new Int32Array() }
  const offsets = patchOffsets(patch, size)
  const keys: number[] = []
  const queries: number[] = []
  for (let cell = 0; cell < rows * columns; cell++) {
    const origin = patchOrigin(grid, size, cell)
    let annotatedPixels = 0
    let classPixels = 0
    for (const offset of offsets) {
      annotatedPixels += annotated[origin + offset]
      if (classes[origin + offset] !== IGNORE) classPixels++
    }
    if (classPixels === offsets.length) keys.push(cell)
    if (annotatedPixels < offsets.length) queries.push(cell)
  }
  return { ...grid, keys: Int32Array.from(keys), queries: Int32Array.from(queries) }
}

/**
 * Copies the patch of a cell as one row of patch * patch * 3 values.
 * @param colours H*W*3
 */
export function copyPatch(colours: Float32Array, grid: PatchGrid, size: Size, cell: number, row: Float32Array): void {
  const origin = patchOrigin(grid, size, cell) * 3
  const line = grid.patch * 3
  for (let r = 0; r < grid.patch; r++) {
    const start = origin + r * size.width * 3
    for (let i = 0; i < line; i++) row[r * line + i] = colours[start + i]
  }
}

/** The patches at `cells` as rows: cells x (patch * patch * 3). */
export function patchRows(colours: Float32Array, grid: PatchGrid, size: Size, cells: Int32Array): Float32Array {
  const length = grid.patch * grid.patch * 3
  const rows = new Float32Array(cells.length * length)
  for (const [i, cell] of cells.entries()) {
    copyPatch(colours, grid, size, cell, rows.subarray(i * length, (i + 1) * length))
  }
  return rows
}
