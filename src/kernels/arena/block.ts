/**
 * Many arrays in one piece of memory: a kernel treats them all at once, while operations of the network see each as a tensor
 * of its own.
 */
import * as tf from '@tensorflow/tfjs-core'
import { checkShape } from '../check'

/** Parts begin at multiples of this many floats: the 256 bytes that WebGPU asks of a binding's offset. */
export const PART_ALIGNMENT = 64

export interface Block {
  /** All parts, with zeros between them: [a multiple of PART_ALIGNMENT]. */
  whole: tf.Tensor1D
  /**
   * Views of `whole`: what is written to either is seen in both. A view can be an operand of every operation; its values are
   * read through `readBlock`, never by `data()`.
   */
  parts: tf.Tensor[]
  /** Where each part begins in `whole`. */
  offsets: number[]
}

export interface BlockPartAttrs {
  offset: number
  shape: number[]
}

/** Float32 arrays one behind the other; without values they are zero. To be given back with `disposeBlock`. */
export function makeBlock(arrays: { shape: number[]; values?: ArrayLike<number> }[]): Block {
  const offsets: number[] = []
  let size = 0
  for (const { shape } of arrays) {
    offsets.push(size)
    size += Math.ceil(tf.util.sizeFromShape(shape) / PART_ALIGNMENT) * PART_ALIGNMENT
  }
  const values = new Float32Array(size)
  arrays.forEach((array, i) => {
    if (array.values) values.set(array.values, offsets[i])
  })
  return tf.tidy(() => {
    const whole = tf.keep(tf.tensor1d(values))
    const parts = arrays.map(({ shape }, i) => {
      const attrs: BlockPartAttrs = { offset: offsets[i], shape }
      return tf.keep(tf.engine().runKernel('BlockPart', { whole }, attrs as unknown as tf.NamedAttrMap) as tf.Tensor)
    })
    return { whole, parts, offsets }
  })
}

export function disposeBlock({ whole, parts }: Block): void {
  tf.dispose(parts)
  whole.dispose()
}

/** The values of every part, in one read. */
export async function readBlock({ whole, parts, offsets }: Block): Promise<Float32Array[]> {
  // A copy, because an engine keeps what was read and would not notice a later write through a part.
  const copy = tf.slice(whole, 0, whole.size)
  const values = await copy.data<'float32'>()
  copy.dispose()
  return parts.map((part, i) => values.slice(offsets[i], offsets[i] + part.size))
}

/** Copies `source` into the block's part `index`, which has as many elements. */
export function writePart(block: Block, index: number, source: tf.Tensor): void {
  const part = block.parts[index]
  checkShape(
    part.size === source.size,
    () => `writePart: [${source.shape}] has another size than part ${index}, [${part.shape}].`,
  )
  tf.engine().runKernel('WriteBlock', { whole: block.whole, source }, { offset: block.offsets[index] })
}
