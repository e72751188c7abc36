import type { MaskCensus } from './census'

/**
 * Whether an index that masks use has different colours in two of them: tools that shrink files sort palettes anew. A
 * palette that is only shorter differs in nothing that is used.
 */
export function palettesDiffer(masks: readonly MaskCensus[]): boolean {
  const colors = new Map<number, string>()
  for (const { palette, counts } of masks) {
    if (!palette) continue
    for (const index of counts.keys()) {
      const color = String(palette[index])
      const other = colors.get(index)
      if (other !== undefined && other !== color) return true
      colors.set(index, color)
    }
  }
  return false
}
