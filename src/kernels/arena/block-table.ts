import * as tf from '@tensorflow/tfjs-core'
import { type Block, PART_ALIGNMENT } from './block'

/** A number for each part of a block, on the device as one for each 64 elements; uploaded only when a number changes. */
export class BlockTable {
  readonly #block: Block
  #numbers: readonly number[] = []
  #table: tf.Tensor1D | null = null

  constructor(block: Block) {
    this.#block = block
  }

  /** @param numbers by part. @returns [size of the block / 64], valid until the next call or `dispose`. */
  of(numbers: readonly number[]): tf.Tensor1D {
    if (this.#table && numbers.every((number, i) => number === this.#numbers[i])) return this.#table
    this.dispose()
    const { whole, offsets } = this.#block
    const values = new Float32Array(whole.size / PART_ALIGNMENT)
    numbers.forEach((number, i) => {
      values.fill(number, offsets[i] / PART_ALIGNMENT, (offsets[i + 1] ?? whole.size) / PART_ALIGNMENT)
    })
    this.#numbers = [...numbers]
    this.#table = tf.keep(tf.tensor1d(values))
    return this.#table
  }

  dispose(): void {
    this.#table?.dispose()
    this.#table = null
  }
}
