/**
 * Numbers from 0 to 16 in 16 bits: five of exponent and eleven of mantissa, half a part in 4096 off at most. What is
 * below 2^-28 becomes 0.
 */

/** Bits of a float32's mantissa that are left out, and those that half of the last one kept stands for. */
const DROPPED = 12
const HALF = 1 << (DROPPED - 1)
/** 2^-28 as the upper bits of a float32: the packed 0. */
const LOWEST = (127 - 28) << (23 - DROPPED)
const MOST = 0xffff

export function packFloats(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  // A negative number has its sign bit set, and NaN is above every number: both would wrap around.
  return Uint16Array.from(bits, (word, i) =>
    values[i] > 0 ? Math.min(MOST, Math.max(0, ((word + HALF) >>> DROPPED) - LOWEST)) : 0,
  )
}

export function unpackFloats(packed: Uint16Array): Float32Array {
  const bits = Uint32Array.from(packed, (word) => (word === 0 ? 0 : (word + LOWEST) << DROPPED))
  return new Float32Array(bits.buffer)
}
