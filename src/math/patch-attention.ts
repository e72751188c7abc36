/**
 * Softmax attention between the patches of one image (paper Eq. 7 and 8), as obvious loops that sum in float64. The
 * kernels of both engines compute the same.
 */

export interface PatchAttention {
  height: number
  width: number
  /** H*W*4: three colours and a zero. */
  colours: Float32Array
  /** Side of a patch, in pixels. */
  patch: number
  /** Pixels from one patch to the next; the patch of cell r * columns + c has its top-left pixel at (r, c) * stride. */
  stride: number
  rows: number
  columns: number
  /** Cells that ask, ascending. */
  queries: Int32Array
  /** K cells that answer, ascending. */
  keys: Int32Array
  /** K factors of the dot product. */
  gains: Float32Array
  /** K summands of the logit. */
  biases: Float32Array
  /** K x C. */
  values: Float32Array
  channels: number
  /** Logit lost for each squared pixel between a query and a key. */
  falloff: number
  /** Keys farther away than this have no say: pixels between corresponding corners, or Infinity. */
  reach: number
}

/** `attendToPatches`, wherever it is computed. */
export type AttendToPatches = (request: PatchAttention) => Promise<Float32Array>

/** The largest sum of squared row and column differences, in cells, of a key within reach. */
export function squaredReach({ reach, stride, rows, columns }: PatchAttention): number {
  return Math.min(Math.floor((reach / stride) ** 2), (rows - 1) ** 2 + (columns - 1) ** 2)
}

function dotOfPatches({ colours, width, patch }: PatchAttention, a: number, b: number): number {
  let sum = 0
  for (let r = 0; r < patch; r++) {
    for (let i = r * width * 4; i < (r * width + patch) * 4; i++) sum += colours[a * 4 + i] * colours[b * 4 + i]
  }
  return sum
}

/**
 * softmax over the keys within reach of gain_k * (x_q . x_k) + bias_k - falloff * |pos_q - pos_k|^2, times their
 * values. Keys are streamed past each query with a running maximum and sum.
 * @returns Q x C; a query without a key in reach gets zeros
 */
export function attendToPatches(request: PatchAttention): Float32Array {
  const { width, stride, columns, queries, keys, gains, biases, values, channels, falloff } = request
  const origin = (cell: number) => Math.floor(cell / columns) * stride * width + (cell % columns) * stride
  const farthest = squaredReach(request)
  const output = new Float32Array(queries.length * channels)
  const sums = new Float64Array(channels)
  for (const [q, query] of queries.entries()) {
    let maximum = Number.NEGATIVE_INFINITY
    let total = 0
    sums.fill(0)
    for (const [k, key] of keys.entries()) {
      const rowsApart = Math.floor(query / columns) - Math.floor(key / columns)
      const squared = rowsApart ** 2 + ((query % columns) - (key % columns)) ** 2
      if (squared > farthest) continue
      const dot = dotOfPatches(request, origin(query), origin(key))
      const logit = gains[k] * dot + biases[k] - falloff * squared * stride ** 2
      if (logit > maximum) {
        const shrink = Math.exp(maximum - logit)
        total *= shrink
        for (let c = 0; c < channels; c++) sums[c] *= shrink
        maximum = logit
      }
      const weight = Math.exp(logit - maximum)
      total += weight
      for (let c = 0; c < channels; c++) sums[c] += weight * values[k * channels + c]
    }
    for (let c = 0; c < channels; c++) output[q * channels + c] = total > 0 ? sums[c] / total : 0
  }
  return output
}
