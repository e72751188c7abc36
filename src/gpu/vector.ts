/** Kernels that take four channels at a time where the number of channels allows it: a quarter of the index arithmetic. */
import type { WgslModule } from './pipeline'

export type VectorWidth = 1 | 4

/** How many channels an invocation takes at once. */
export function vectorWidth(channels: number): VectorWidth {
  return channels % 4 === 0 ? 4 : 1
}

/**
 * The module, which declares `alias Value = f32;` for its elements, and the same with `vec4f`. The second is told a quarter
 * of the channels.
 */
export function vectorized(label: string, source: string): Record<VectorWidth, WgslModule> {
  return {
    1: { label, source },
    4: { label: `${label}-vec4`, source: source.replace('alias Value = f32;', 'alias Value = vec4f;') },
  }
}
