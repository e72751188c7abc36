/**
 * Contextual Labels Extension, mode 'paper': Eq. 7 and 8 to the letter (contextual attention of Yu et al. 2018). Every
 * labelled patch is a convolution kernel, so the cost grows with the square of the pixels: the working copy's long side
 * bounds it (128 by default, 25 million pairs for a quarter labelled at 4:3). Streamed, so memory is O(pixels * C).
 */
import type { ExtensionConfig } from '../domain/config'
import type { AttendToPatches } from '../math/patch-attention'
import { keyNorms, type PatchGrid, patchGrid, patchOffsets, patchOrigin } from './patches'
import { emptyPropagation, likeliest, type Propagation } from './propagation'
import type { WorkingCopy } from './working-copy'

const SOFTMAX_SCALE = 10
const LEAST_NORM = 1e-4

/** RGB in 0..1 and a zero, per pixel. */
function unitColours(rgb: Uint8Array): Float32Array {
  const colours = new Float32Array((rgb.length / 3) * 4)
  for (let i = 0, o = 0; i < rgb.length; i += 3, o += 4) {
    for (let c = 0; c < 3; c++) colours[o + c] = rgb[i + c] / 255
  }
  return colours
}

/** The key patches' labels, one-hot for each pixel: keys x (patch * patch * C). */
function oneHotLabels(copy: WorkingCopy, grid: PatchGrid, classCount: number): Float32Array {
  const offsets = patchOffsets(grid.patch, copy.size)
  const labels = new Float32Array(grid.keys.length * offsets.length * classCount)
  for (let k = 0; k < grid.keys.length; k++) {
    const origin = patchOrigin(grid, copy.size, grid.keys[k])
    for (let i = 0; i < offsets.length; i++) {
      labels[(k * offsets.length + i) * classCount + copy.classes[origin + offsets[i]]] = 1
    }
  }
  return labels
}

/**
 * Transposed convolution: every query patch lays its labels over its pixels, and the sums are normalised by cover.
 * @param patches Q x (patch * patch * C)
 */
function overlayPatches(copy: WorkingCopy, grid: PatchGrid, patches: Float32Array, classCount: number): Propagation {
  const pixels = copy.size.height * copy.size.width
  const propagation = emptyPropagation(pixels)
  const offsets = patchOffsets(grid.patch, copy.size)
  const sums = new Float32Array(pixels * classCount)
  const cover = new Uint16Array(pixels)
  let source = 0
  for (const cell of grid.queries) {
    const origin = patchOrigin(grid, copy.size, cell)
    for (const offset of offsets) {
      const pixel = origin + offset
      cover[pixel]++
      for (let c = 0; c < classCount; c++) sums[pixel * classCount + c] += patches[source++]
    }
  }
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (cover[pixel] === 0) continue
    const best = likeliest(sums, pixel * classCount, classCount)
    propagation.classes[pixel] = best
    propagation.probability[pixel] = sums[pixel * classCount + best] / cover[pixel]
  }
  return propagation
}

/**
 * Score = dot product of the query patch with every labelled patch divided by max(norm, 1e-4); unlabelled patches are
 * gated out; softmax over the keys of 10 * score; labels = transposed convolution with the one-hot label patches.
 */
export async function propagateLiterally(
  copy: WorkingCopy,
  classCount: number,
  config: ExtensionConfig,
  attendToPatches: AttendToPatches,
): Promise<Propagation> {
  const grid = patchGrid(copy, config.patch, config.stride)
  if (grid.keys.length === 0 || grid.queries.length === 0) return emptyPropagation(copy.classes.length)
  const colours = unitColours(copy.rgb)
  const norms = keyNorms(colours, grid, copy.size)
  const patches = await attendToPatches({
    ...grid,
    ...copy.size,
    colours,
    gains: Float32Array.from(norms, (norm) => SOFTMAX_SCALE / Math.max(Math.sqrt(norm), LEAST_NORM)),
    biases: new Float32Array(grid.keys.length),
    values: oneHotLabels(copy, grid, classCount),
    channels: grid.patch * grid.patch * classCount,
    falloff: 0,
    reach: Number.POSITIVE_INFINITY,
  })
  return overlayPatches(copy, grid, patches, classCount)
}
