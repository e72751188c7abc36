/** Kernels that take four channels at a time where the number of channels allows it: a quarter of the index arithmetic. */
import type { WgslModule } from './pipeline'

export type VectorWidth = 1 | 4

/** How many channels an invocation takes at once. */
export function vectorWidth(channels: number): VectorWidth {
  return channels % 4 === 0 ? 4 : 1
}

/** Declarations for one channel, and for four. */
const DECLARATIONS: readonly [string, string][] = [
  ['alias Value = f32;', 'alias Value = vec4f;'],
  ['alias Word = u32;', 'alias Word = vec4u;'],
  ['const LANES_OF_VALUE = 0u;', 'const LANES_OF_VALUE = vec4u(0u, 1u, 2u, 3u);'],
  ['const LANES_COUNT = 1u;', 'const LANES_COUNT = 4u;'],
  ['return hash32(word);', 'return hash32x4(word);'],
]

/**
 * The module, which declares `alias Value = f32;` for its elements, and the same with `vec4f`. The second is told a quarter
 * of the channels.
 */
export function vectorized(label: string, source: string): Record<VectorWidth, WgslModule> {
  return {
    1: { label, source },
    4: { label: `${label}-vec4`, source: DECLARATIONS.reduce((text, [one, four]) => text.replace(one, four), source) },
  }
}
