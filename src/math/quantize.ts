import type { QuantizedMap } from '../domain/round'

/** Non-negative map to 8 bits, for display only. */
export function quantize(values: Float32Array): QuantizedMap {
  let max = 0
  for (const value of values) if (value > max) max = value
  const scale = max > 0 ? 255 / max : 0
  return { values: Uint8Array.from(values, (value) => Math.round(value * scale)), max }
}
