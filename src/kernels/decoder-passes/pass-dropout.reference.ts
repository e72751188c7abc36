import { type DropoutOptions, dropoutReference } from '../layers/dropout.reference'

/** One pass's change of a map before its dropout. */
export interface PassDropoutOptions extends DropoutOptions {
  /** Passes of the output. */
  passes: number
  /** Negative values become 0 before the dropout. */
  relu?: boolean
}

/**
 * Item n of the result is pass `firstPass + n` of dropout(relu(x + shared)).
 * @param x [passes or 1, ..., channels]: one item serves all passes
 * @param shared [passes or 1, ..., channels], or null
 */
export function passDropoutReference(
  x: Float32Array,
  shared: Float32Array | null,
  itemSize: number,
  channels: number,
  options: PassDropoutOptions,
): Float32Array {
  const { passes, relu = false } = options
  const values = Float32Array.from({ length: passes * itemSize }, (_, i) => {
    const sum = x[i % x.length] + (shared ? shared[i % shared.length] : 0)
    return relu ? Math.max(sum, 0) : sum
  })
  return dropoutReference(values, passes, channels, options)
}
