/** What label noise is called on the screen and in reports. */
import type { NoiseConfig, NoiseKind } from '../domain/config'

export const NOISE_NAMES: Readonly<Record<NoiseKind, string>> = {
  symmetric: 'symmetric',
  missing: 'missing',
  random: 'random class',
  mixed: 'mixed',
}

/** "40 % mixed noise by segment". */
export function noiseName({ kind, share, unit }: NoiseConfig): string {
  return `${(100 * share).toFixed(0)} % ${NOISE_NAMES[kind]} noise by ${unit}`
}
