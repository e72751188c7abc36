/** All that a query of one image brings back, found on the device and packed into one tensor: one read-back. */
import * as tf from '@tensorflow/tfjs-core'
import { checkShape } from '../check'

export interface QueryResultAttrs {
  side: number
  hasLabels: boolean
}

/** One region that survived non-maximum suppression: its top-left corner, its score, and its pixels that are not labelled. */
interface Pick {
  x: number
  y: number
  score: number
  newPixels: number
}

/** A non-negative map as bytes, 255 = `max`. */
interface ByteMap {
  values: Uint8Array
  max: number
}

interface Size {
  height: number
  width: number
}

/** Words before the picks: their number and the bits of the two maxima. */
const HEADER = 3
const PICK_WORDS = 3

/** Where the parts of a packed result lie, in words; `picks` is their greatest number. */
export function packedLayout({ height, width }: Size, side: number): { picks: number; start: number; words: number } {
  const picks = side > height || side > width ? 0 : Math.floor((height * width) / (side * side))
  return { picks, start: HEADER + PICK_WORDS * picks, words: Math.ceil((height * width) / 4) }
}

/** Whether the engine in use packs results: WASM has its maps in memory anyway. */
export function packsQueryResults(): boolean {
  return tf.getKernel('QueryResult', tf.getBackend()) !== undefined
}

/**
 * Non-maximum suppression of the attended map (paper Eq. 6; the rules of `regionCandidates`) and both maps as bytes.
 * @param entropy [H, W]
 * @param attention [H, W]: the score of a window lies at its centre
 * @param labelledSums [(H + 1) (W + 1)]: labelled pixels above and left of every corner; null = nothing is labelled
 * @returns int32, to be read by `unpackQueryResult`
 * @throws bad_shape when the maps do not fit
 */
export function queryResult(
  entropy: tf.Tensor2D,
  attention: tf.Tensor2D,
  labelledSums: Uint32Array | null,
  side: number,
): tf.Tensor1D {
  const [height, width] = attention.shape
  const corners = (height + 1) * (width + 1)
  checkShape(
    entropy.size === attention.size && side > 0 && (labelledSums === null || labelledSums.length === corners),
    () => `queryResult: entropy [${entropy.shape}], attention [${attention.shape}], ${labelledSums?.length} sums.`,
  )
  return tf.tidy(() => {
    const sums = tf.tensor1d(labelledSums ? new Int32Array(labelledSums.buffer) : [0], 'int32')
    const attrs: QueryResultAttrs = { side, hasLabels: labelledSums !== null }
    return tf
      .engine()
      .runKernel('QueryResult', { entropy, attention, sums }, attrs as unknown as tf.NamedAttrMap) as tf.Tensor1D
  })
}

/** Picks, best first, and the two maps. */
export function unpackQueryResult(
  packed: Int32Array,
  size: Size,
  side: number,
): { picks: Pick[]; entropy: ByteMap; attention: ByteMap } {
  const { start, words } = packedLayout(size, side)
  const columns = size.width - side + 1
  const floats = new Float32Array(packed.buffer, packed.byteOffset, packed.length)
  const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength)
  const mapAt = (word: number) => bytes.slice(4 * word, 4 * word + size.height * size.width)
  const picks = Array.from({ length: packed[0] }, (_, k) => {
    const at = HEADER + PICK_WORDS * k
    const index = packed[at]
    const [y, x] = [Math.floor(index / columns), index % columns]
    return { x, y, score: floats[at + 1], newPixels: packed[at + 2] }
  })
  return {
    picks,
    entropy: { values: mapAt(start), max: floats[1] },
    attention: { values: mapAt(start + words), max: floats[2] },
  }
}
