import * as tf from '@tensorflow/tfjs'
import { type PatchAttention, squaredReach } from '../../math/patch-attention'
import { checkShape } from '../check'

/** Queries of a tile: neighbours in one row of the grid, computed side by side against the same keys. */
export const TILE = 4

/** A tile spans at most this many columns, so that it visits few keys which only some of its queries reach. */
const TILE_COLUMNS = 8

export interface PatchAttentionAttrs {
  patch: number
  stride: number
  rows: number
  columns: number
  /** In cells, squared. */
  squaredReach: number
  /** Logit lost for each squared cell. */
  falloff: number
}

/** Indices of the first query of every tile, and the number of queries. */
function tileQueries(queries: Int32Array, columns: number): Int32Array {
  const tiles: number[] = []
  let first = 0
  for (const [i, cell] of queries.entries()) {
    const start = queries[first]
    const isNear = cell - start < TILE_COLUMNS && Math.floor(cell / columns) === Math.floor(start / columns)
    if (i > 0 && isNear && i - first < TILE) continue
    first = i
    tiles.push(i)
  }
  return Int32Array.from([...tiles, queries.length])
}

/** For each cell, and one past the last, the number of keys before it: the keys of a stretch of a row are a range. */
function countKeysBefore(keys: Int32Array, cells: number): Int32Array {
  const before = new Int32Array(cells + 1)
  for (const cell of keys) before[cell + 1]++
  for (let cell = 0; cell < cells; cell++) before[cell + 1] += before[cell]
  return before
}

/** (row, column, gain, bias) of every key. */
function keyTerms({ keys, columns, gains, biases }: PatchAttention): Float32Array {
  const terms = new Float32Array(4 * keys.length)
  for (const [k, cell] of keys.entries()) {
    terms.set([Math.floor(cell / columns), cell % columns, gains[k], biases[k]], 4 * k)
  }
  return terms
}

/** C rounded up to whole vectors, with zeros. */
function padChannels(values: Float32Array, channels: number): { values: Float32Array; padded: number } {
  const padded = 4 * Math.ceil(channels / 4)
  if (padded === channels) return { values, padded }
  const rows = values.length / channels
  const wide = new Float32Array(rows * padded)
  for (let k = 0; k < rows; k++) wide.set(values.subarray(k * channels, (k + 1) * channels), k * padded)
  return { values: wide, padded }
}

/**
 * Softmax attention between patches of one image: see `attendToPatches`, which it equals up to float32. No matrix of queries
 * and keys exists, nor of patches: memory is O(pixels + (queries + keys) * C). A key is visited by a tile of queries when one of
 * them may reach it. Not differentiable.
 * @returns [Q, C]; zeros for a query without a key in reach
 */
export function patchAttention(request: PatchAttention): tf.Tensor2D {
  const { height, width, colours, patch, stride, rows, columns, queries, keys, channels } = request
  checkShape(
    colours.length === height * width * 4 && request.values.length === keys.length * channels && channels > 0,
    () =>
      `patchAttention: ${colours.length} colours of ${height} x ${width} pixels, ${request.values.length} values of ` +
      `${keys.length} keys with ${channels} channels.`,
  )
  checkShape(
    (rows - 1) * stride + patch <= height && (columns - 1) * stride + patch <= width,
    () => `patchAttention: ${rows} x ${columns} patches of ${patch} every ${stride} in ${height} x ${width} pixels.`,
  )
  if (queries.length === 0 || keys.length === 0) return tf.zeros([queries.length, channels])
  const attrs: PatchAttentionAttrs = {
    ...{ patch, stride, rows, columns },
    squaredReach: squaredReach(request),
    falloff: request.falloff * stride * stride,
  }
  const { values, padded } = padChannels(request.values, channels)
  const tiles = tileQueries(queries, columns)
  const before = countKeysBefore(keys, rows * columns)
  return tf.tidy(() => {
    const inputs = {
      colours: tf.tensor3d(colours, [height, width, 4]),
      keys: tf.tensor2d(keyTerms(request), [keys.length, 4]),
      values: tf.tensor2d(values, [keys.length, padded]),
      keysBefore: tf.tensor1d(before, 'int32'),
      queries: tf.tensor1d(queries, 'int32'),
      tiles: tf.tensor1d(tiles, 'int32'),
    }
    const attended = tf.engine().runKernel('PatchAttention', inputs, { ...attrs }) as tf.Tensor2D
    return padded === channels ? attended : tf.slice(attended, [0, 0], [queries.length, channels])
  })
}
