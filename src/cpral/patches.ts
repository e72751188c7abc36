/**
 * Patches of a working copy (paper Eq. 7): labelled ones, the keys, give their labels; the others, the queries, take
 * them.
 */
import { IGNORE } from '../domain/labels'
import type { Size } from '../domain/size'
import type { WorkingCopy } from './working-copy'

/** The grid of whole patches of side `patch` every `stride` pixels; a cell is a row-major index into it. */
export interface PatchGrid {
  patch: number
  stride: number
  rows: number
  columns: number
  /** Cells whose pixels are all labelled and free of void. */
  keys: Int32Array
  /** Cells with a pixel that is not labelled. */
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

export function patchGrid({ size, classes, labelled }: WorkingCopy, patch: number, stride: number): PatchGrid {
  const rows = Math.max(0, Math.floor((size.height - patch) / stride) + 1)
  const columns = Math.max(0, Math.floor((size.width - patch) / stride) + 1)
  const grid: PatchGrid = { patch, stride, rows, columns, keys: new Int32Array(), queries: new Int32Array() }
  const offsets = patchOffsets(patch, size)
  const keys: number[] = []
  const queries: number[] = []
  for (let cell = 0; cell < rows * columns; cell++) {
    const origin = patchOrigin(grid, size, cell)
    let labelledPixels = 0
    let classPixels = 0
    for (let i = 0; i < offsets.length; i++) {
      const pixel = origin + offsets[i]
      labelledPixels += labelled[pixel]
      if (classes[pixel] !== IGNORE) classPixels++
    }
    if (classPixels === offsets.length) keys.push(cell)
    if (labelledPixels < offsets.length) queries.push(cell)
  }
  return { ...grid, keys: Int32Array.from(keys), queries: Int32Array.from(queries) }
}

/**
 * Sums of squares of the key patches.
 * @param colours H*W*4
 */
export function keyNorms(colours: Float32Array, grid: PatchGrid, size: Size): Float64Array {
  const norms = new Float64Array(grid.keys.length)
  for (let k = 0; k < norms.length; k++) {
    const origin = patchOrigin(grid, size, grid.keys[k])
    for (let r = 0; r < grid.patch; r++) {
      const start = 4 * (origin + r * size.width)
      for (let i = start; i < start + 4 * grid.patch; i++) norms[k] += colours[i] * colours[i]
    }
  }
  return norms
}
