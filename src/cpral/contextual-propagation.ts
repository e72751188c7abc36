/**
 * Contextual Labels Extension, mode 'context': paper Eq. 7 and 8 with an appearance distance in CIELAB in place of the
 * dot product, and the prior on adjacent regions that the paper's text argues with.
 */
import type { ExtensionConfig } from '../domain/config'
import { centredLab } from '../math/cielab'
import type { AttendToPatches } from '../math/patch-attention'
import { keyNorms, type PatchGrid, patchGrid, patchOffsets, patchOrigin } from './patches'
import { emptyPropagation, likeliest, type Propagation } from './propagation'
import type { WorkingCopy } from './working-copy'

/** `positionSigma` is given at this width. Keys farther away than this many standard deviations have no say. */
const REFERENCE_WIDTH = 480
const REACH = 3

/** Class shares of each key patch: keys x C. */
function keyHistograms(copy: WorkingCopy, grid: PatchGrid, classCount: number): Float32Array {
  const offsets = patchOffsets(grid.patch, copy.size)
  const histograms = new Float32Array(grid.keys.length * classCount)
  for (let k = 0; k < grid.keys.length; k++) {
    const origin = patchOrigin(grid, copy.size, grid.keys[k])
    for (let i = 0; i < offsets.length; i++) histograms[k * classCount + copy.classes[origin + offsets[i]]]++
  }
  return histograms.map((pixels) => pixels / offsets.length)
}

/** Pixels `start` to `end` - 1 along one axis that patches cover, and the first and last cell of these patches. */
interface Run {
  start: number
  end: number
  first: number
  last: number
}

/** Splits `length` pixels along one axis where the set of covering patches changes. */
function coverRuns(length: number, cells: number, { patch, stride }: PatchGrid): Run[] {
  const runs: Run[] = []
  for (let pixel = 0; pixel < length; pixel++) {
    const first = Math.max(0, Math.ceil((pixel - patch + 1) / stride))
    const last = Math.min(cells - 1, Math.floor(pixel / stride))
    const run = runs.at(-1)
    if (run && run.first === first && run.last === last) run.end++
    else runs.push({ start: pixel, end: pixel + 1, first, last })
  }
  return runs
}

/**
 * Every pixel averages the probabilities of the query patches that cover it and have a key in reach.
 * @param probabilities Q x C; zeros for a query without a key in reach
 */
function averagePatches(copy: WorkingCopy, grid: PatchGrid, probabilities: Float32Array, classCount: number) {
  const { height, width } = copy.size
  const propagation = emptyPropagation(height * width)
  const queryAt = new Int32Array(grid.rows * grid.columns).fill(-1)
  for (let q = 0; q < grid.queries.length; q++) {
    const row = probabilities.subarray(q * classCount, (q + 1) * classCount)
    if (row.some((probability) => probability > 0)) queryAt[grid.queries[q]] = q
  }
  const columns = coverRuns(width, grid.columns, grid)
  const sums = new Float64Array(classCount)
  for (const down of coverRuns(height, grid.rows, grid)) {
    for (const across of columns) {
      let cover = 0
      sums.fill(0)
      for (let row = down.first; row <= down.last; row++) {
        for (let column = across.first; column <= across.last; column++) {
          const q = queryAt[row * grid.columns + column]
          if (q < 0) continue
          cover++
          for (let c = 0; c < classCount; c++) sums[c] += probabilities[q * classCount + c]
        }
      }
      if (cover === 0) continue
      const best = likeliest(sums, 0, classCount)
      for (let y = down.start; y < down.end; y++) {
        propagation.classes.fill(best, y * width + across.start, y * width + across.end)
        propagation.probability.fill(sums[best] / cover, y * width + across.start, y * width + across.end)
      }
    }
  }
  return propagation
}

/**
 * P = softmax(logits) h for every query patch, with logit = -appearance * mean((x_q - x_k)^2) - |pos_q - pos_k|^2 / (2
 * s_p^2) over the keys within 3 s_p. The square is multiplied out: |x_q|^2 is the same for all keys of a query, so the
 * softmax does not see it.
 */
export async function propagateByContext(
  copy: WorkingCopy,
  classCount: number,
  config: ExtensionConfig,
  attendToPatches: AttendToPatches,
): Promise<Propagation> {
  const grid = patchGrid(copy, config.patch, config.stride)
  if (grid.keys.length === 0 || grid.queries.length === 0) return emptyPropagation(copy.classes.length)
  const colours = centredLab(copy.rgb)
  const perSquare = config.appearance / (3 * grid.patch * grid.patch)
  const sigma = (config.positionSigma * copy.size.width) / REFERENCE_WIDTH
  const probabilities = await attendToPatches({
    ...grid,
    ...copy.size,
    colours,
    gains: new Float32Array(grid.keys.length).fill(2 * perSquare),
    biases: Float32Array.from(keyNorms(colours, grid, copy.size), (norm) => -perSquare * norm),
    values: keyHistograms(copy, grid, classCount),
    channels: classCount,
    falloff: 1 / (2 * sigma * sigma),
    reach: REACH * sigma,
  })
  return averagePatches(copy, grid, probabilities, classCount)
}
