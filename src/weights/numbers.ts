/** Numbers of weights files as float32. */

/**
 * Bytes of one number, by its name in safetensors and in PyTorch's storages. Whole numbers are counters, never weights.
 */
export const NUMBER_TYPES = {
  F64: { bytes: 8, isReal: true },
  F32: { bytes: 4, isReal: true },
  F16: { bytes: 2, isReal: true },
  BF16: { bytes: 2, isReal: true },
  I64: { bytes: 8, isReal: false },
  I32: { bytes: 4, isReal: false },
  I16: { bytes: 2, isReal: false },
  I8: { bytes: 1, isReal: false },
  U8: { bytes: 1, isReal: false },
  BOOL: { bytes: 1, isReal: false },
} as const

export type NumberType = keyof typeof NUMBER_TYPES
export type RealType = 'F64' | 'F32' | 'F16' | 'BF16'

export function isNumberType(name: string): name is NumberType {
  return Object.hasOwn(NUMBER_TYPES, name)
}

export function isReal(type: NumberType): type is RealType {
  return NUMBER_TYPES[type].isReal
}

/** `count` little-endian numbers from byte `start` on, which need not be aligned; float64 is rounded to float32. */
export function toFloat32(bytes: Uint8Array, start: number, count: number, type: RealType): Float32Array {
  const copy = bytes.slice(start, start + count * NUMBER_TYPES[type].bytes).buffer
  if (type === 'F32') return new Float32Array(copy)
  if (type === 'F64') return Float32Array.from(new Float64Array(copy))
  const halves = new Uint16Array(copy)
  const bits = new Uint32Array(count)
  const values = new Float32Array(bits.buffer)
  for (let i = 0; i < count; i++) {
    const half = halves[i] as number
    // bfloat16 is the upper half of a float32.
    if (type === 'BF16') bits[i] = half << 16
    else values[i] = fromHalf(half)
  }
  return values
}

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
