/**
 * Contextual Labels Extension, mode 'paper': Eq. 7 and 8 to the letter (contextual attention of Yu et al. 2018). Every
 * labelled patch is a convolution kernel, so the cost grows with the square of the pixels: the working copy's long side
 * bounds it (128 by default, 25 million pairs for a quarter labelled at 4:3). Streamed, so memory is O(pixels * C).
 */
import type { ExtensionConfig } from './config'
import { copyPatch, type PatchGrid, patchGrid, patchOffsets, patchOrigin, patchRows } from './patches'
import { emptyPropagation, type Propagation, setLikeliest } from './propagation'
import type { WorkingCopy } from './working-copy'

const SOFTMAX_SCALE = 10
const LEAST_NORM = 1e-4

const norm = (row: Float32Array) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))

/** Labelled patches of RGB in 0..1, each divided by max(norm, 1e-4): keys x (patch * patch * 3). */
function kernels(colours: Float32Array, grid: PatchGrid, copy: WorkingCopy): Float32Array {
  const rows = patchRows(colours, grid, copy.size, grid.keys)
  const length = grid.patch * grid.patch * 3
  for (let k = 0; k < grid.keys.length; k++) {
    const row = rows.subarray(k * length, (k + 1) * length)
    const divisor = Math.max(norm(row), LEAST_NORM)
    for (let i = 0; i < length; i++) row[i] /= divisor
  }
  return rows
}

/** Class ids of the key patches' pixels: keys x (patch * patch). */
function keyLabels(copy: WorkingCopy, grid: PatchGrid): Uint8Array {
  const offsets = patchOffsets(grid.patch, copy.size)
  const labels = new Uint8Array(grid.keys.length * offsets.length)
  for (const [k, cell] of grid.keys.entries()) {
    const origin = patchOrigin(grid, copy.size, cell)
    for (const [i, offset] of offsets.entries()) labels[k * offsets.length + i] = copy.classes[origin + offset]
  }
  return labels
}

/**
 * Score = dot product of the query patch with every kernel; unlabelled patches are gated out; softmax over the kernels of
 * 10 * score; labels = transposed convolution with the one-hot label patches, normalised by cover. The score is at most the
 * query's norm (Cauchy-Schwarz), which serves as the softmax's offset: one pass, nothing kept per pair.
 */
export function propagateLiterally(copy: WorkingCopy, classCount: number, config: ExtensionConfig): Propagation {
  const pixels = copy.size.height * copy.size.width
  const grid = patchGrid(copy, config.patch, config.stride)
  const propagation = emptyPropagation(pixels)
  if (grid.keys.length === 0) return propagation
  const colours = Float32Array.from(copy.rgb, (value) => value / 255)
  const keyRows = kernels(colours, grid, copy)
  const labels = keyLabels(copy, grid)
  const offsets = patchOffsets(grid.patch, copy.size)
  const length = offsets.length * 3
  const query = new Float32Array(length)
  const patchSums = new Float64Array(offsets.length * classCount)
  const sums = new Float32Array(pixels * classCount)
  const cover = new Uint16Array(pixels)
  for (const cell of grid.queries) {
    copyPatch(colours, grid, copy.size, cell, query)
    const bound = norm(query)
    patchSums.fill(0)
    let total = 0
    for (let k = 0; k < grid.keys.length; k++) {
      let score = 0
      for (let i = 0; i < length; i++) score += query[i] * keyRows[k * length + i]
      const weight = Math.exp(SOFTMAX_SCALE * (score - bound))
      total += weight
      for (let i = 0; i < offsets.length; i++) patchSums[i * classCount + labels[k * offsets.length + i]] += weight
    }
    const origin = patchOrigin(grid, copy.size, cell)
    for (let i = 0; i < offsets.length; i++) {
      const pixel = origin + offsets[i]
      cover[pixel]++
      for (let c = 0; c < classCount; c++) sums[pixel * classCount + c] += patchSums[i * classCount + c] / total
    }
  }
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (cover[pixel] > 0) setLikeliest(propagation, pixel, sums, pixel * classCount, classCount, cover[pixel])
  }
  return propagation
}
