/**
 * Contextual Labels Extension, mode 'context': paper Eq. 7 and 8 with an appearance distance in CIELAB in place of the dot
 * product, and the prior on adjacent regions that the paper's text argues with.
 */

import { scaledLab } from './cielab'
import type { ExtensionConfig } from './config'
import { copyPatch, type PatchGrid, patchGrid, patchOffsets, patchOrigin, patchRows } from './patches'
import { emptyPropagation, type Propagation, setLikeliest } from './propagation'
import type { WorkingCopy } from './working-copy'

/** Width at which `positionSigma` holds, and the reach of the prior in standard deviations. */
const REFERENCE_WIDTH = 480
const REACH = 3

/** Class shares of each key patch: keys x C. */
function keyHistograms(copy: WorkingCopy, grid: PatchGrid, classCount: number): Float32Array {
  const offsets = patchOffsets(grid.patch, copy.size)
  const histograms = new Float32Array(grid.keys.length * classCount)
  for (const [k, cell] of grid.keys.entries()) {
    const origin = patchOrigin(grid, copy.size, cell)
    for (const offset of offsets) histograms[k * classCount + copy.classes[origin + offset]] += 1 / offsets.length
  }
  return histograms
}

/** A key whose logit lies this far below the largest so far weighs less than double precision resolves: e^-40 = 4e-18. */
const NEGLIGIBLE = 40

/** Sum of squared differences of two patch rows; stops, with what it has, at the first line that passes `limit`. */
function squaredDistance(query: Float32Array, keys: Float32Array, start: number, line: number, limit: number): number {
  let sum = 0
  for (let first = 0; first < query.length && sum <= limit; first += line) {
    for (let i = first; i < first + line; i++) {
      const difference = query[i] - keys[start + i]
      sum += difference * difference
    }
  }
  return sum
}

/**
 * P = softmax(logits) h for every query patch, with logit = -appearance * mean((x_q - x_k)^2) - |pos_q - pos_k|^2 /
 * (2 s_p^2) over the keys within 3 s_p. Keys are streamed past each query with a running maximum and sum, and only those of
 * the grid's neighbourhood are looked at: memory is O(queries + keys), time O(queries * neighbourhood).
 * @returns cells x C probabilities; a cell that is no query, or has no key in reach, is all zero
 */
function attendToKeys(copy: WorkingCopy, grid: PatchGrid, classCount: number, config: ExtensionConfig): Float32Array {
  const { rows, columns, stride, patch, keys } = grid
  const lab = scaledLab(copy.rgb)
  const length = patch * patch * 3
  const keyRows = patchRows(lab, grid, copy.size, keys)
  const histograms = keyHistograms(copy, grid, classCount)
  const keyAt = new Int32Array(rows * columns).fill(-1)
  for (const [k, cell] of keys.entries()) keyAt[cell] = k
  const sigma = (config.positionSigma * copy.size.width) / REFERENCE_WIDTH
  const reach = REACH * sigma
  const perSquare = config.appearance / length
  const reachCells = Math.floor(reach / stride)
  const query = new Float32Array(length)
  const sums = new Float64Array(classCount)
  const probabilities = new Float32Array(rows * columns * classCount)
  for (const cell of grid.queries) {
    copyPatch(lab, grid, copy.size, cell, query)
    const row = Math.floor(cell / columns)
    const column = cell % columns
    let maximum = Number.NEGATIVE_INFINITY
    let total = 0
    sums.fill(0)
    for (let r = Math.max(0, row - reachCells); r <= Math.min(rows - 1, row + reachCells); r++) {
      for (let c = Math.max(0, column - reachCells); c <= Math.min(columns - 1, column + reachCells); c++) {
        const k = keyAt[r * columns + c]
        if (k < 0) continue
        const squaredOffset = ((r - row) ** 2 + (c - column) ** 2) * stride * stride
        if (squaredOffset > reach * reach) continue
        const prior = -squaredOffset / (2 * sigma * sigma)
        const limit = (prior + NEGLIGIBLE - maximum) / perSquare
        const distance = squaredDistance(query, keyRows, k * length, patch * 3, limit)
        if (distance > limit) continue
        const logit = prior - perSquare * distance
        if (logit > maximum) {
          const shrink = Math.exp(maximum - logit)
          total *= shrink
          for (let i = 0; i < classCount; i++) sums[i] *= shrink
          maximum = logit
        }
        const weight = Math.exp(logit - maximum)
        total += weight
        for (let i = 0; i < classCount; i++) sums[i] += weight * histograms[k * classCount + i]
      }
    }
    if (total > 0) for (let i = 0; i < classCount; i++) probabilities[cell * classCount + i] = sums[i] / total
  }
  return probabilities
}

/** Every pixel averages the probabilities of the query patches that cover it and have a key in reach. */
export function propagateByContext(copy: WorkingCopy, classCount: number, config: ExtensionConfig): Propagation {
  const { height, width } = copy.size
  const grid = patchGrid(copy, config.patch, config.stride)
  const propagation = emptyPropagation(height * width)
  const probabilities = attendToKeys(copy, grid, classCount, config)
  const hasSay = new Uint8Array(grid.rows * grid.columns)
  for (let cell = 0; cell < hasSay.length; cell++) {
    for (let i = 0; i < classCount; i++) if (probabilities[cell * classCount + i] > 0) hasSay[cell] = 1
  }
  const firstCell = (pixel: number) => Math.max(0, Math.ceil((pixel - grid.patch + 1) / grid.stride))
  const lastCell = (pixel: number, cells: number) => Math.min(cells - 1, Math.floor(pixel / grid.stride))
  const sums = new Float64Array(classCount)
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      let cover = 0
      sums.fill(0)
      for (let gridRow = firstCell(r); gridRow <= lastCell(r, grid.rows); gridRow++) {
        for (let gridColumn = firstCell(c); gridColumn <= lastCell(c, grid.columns); gridColumn++) {
          const cell = gridRow * grid.columns + gridColumn
          if (hasSay[cell] === 0) continue
          cover++
          for (let i = 0; i < classCount; i++) sums[i] += probabilities[cell * classCount + i]
        }
      }
      if (cover > 0) setLikeliest(propagation, r * width + c, sums, 0, classCount, cover)
    }
  }
  return propagation
}
