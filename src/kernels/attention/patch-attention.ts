import * as tf from '@tensorflow/tfjs-core'
import { type PatchAttention, squaredReach } from '../../math/patch-attention'
import { checkShape } from '../check'
import { countKeysBefore, splitTiles, tileQueries } from './patch-attention-tiles'

export interface PatchAttentionAttrs {
  patch: number
  stride: number
  rows: number
  columns: number
  /** In cells, squared. */
  squaredReach: number
  /** Logit lost for each squared cell. */
  falloff: number
  /** Tiles after which the work done so far, in multiply-adds, is another `DISPATCH_WORK`; the last is the number of tiles. */
  tileRanges: number[]
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
  const { values, padded } = padChannels(request.values, channels)
  const tiles = tileQueries(queries, columns)
  const before = countKeysBefore(keys, rows * columns)
  const attrs: PatchAttentionAttrs = {
    ...{ patch, stride, rows, columns },
    squaredReach: squaredReach(request),
    falloff: request.falloff * stride * stride,
    tileRanges: splitTiles(request, tiles, before),
  }
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
