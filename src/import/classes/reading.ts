/** How the pixels of a mask become class ids. */
import type { LabelCoding } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import { isGrey, type LabelPng, packColor, pixelCodes } from '../../image/label-png'
import type { CodeCount, MaskCensus } from './census'

/** The numbers of a file that count: grey values and indices, colours as 0xRRGGBB, or opacities. */
export type View = 'values' | 'colors' | 'alpha'

export interface MaskReading {
  view: View
  /** Code -> class id, 255 where void; a code that is missing is void too. */
  codes: ReadonlyMap<number, number>
  /** Pixels of each class id, 255 for void. */
  pixels: ReadonlyMap<number, number>
}

/** The mask's counts by the codes of a view. */
export function countsIn({ kind, counts, palette, alpha, size }: MaskCensus, view: View): Map<number, CodeCount> {
  if (view === 'alpha') return alpha ?? new Map([[IGNORE, { pixels: size.height * size.width, inner: 0 }]])
  if (view === 'values' || kind === 'color') return counts
  const byColor = new Map<number, CodeCount>()
  for (const [value, { pixels, inner }] of counts) {
    const color = packColor(...(palette?.[value] ?? ([value, value, value] as const)))
    const before = byColor.get(color)
    byColor.set(color, { pixels: pixels + (before?.pixels ?? 0), inner: inner + (before?.inner ?? 0) })
  }
  return byColor
}

/** Class ids of a mask, H*W, 255 = void. */
export function classIdsOf(mask: LabelPng, { view, codes }: MaskReading): Uint8Array {
  const { alpha, colors } = mask
  if (view === 'alpha') {
    const opaque = codes.get(255) ?? IGNORE
    const { height, width } = mask.size
    return alpha
      ? Uint8Array.from(alpha, (opacity) => codes.get(opacity) ?? IGNORE)
      : new Uint8Array(height * width).fill(opaque)
  }
  const kind = view === 'colors' || (colors && !isGrey(colors)) ? 'color' : 'index'
  const transparent = codes.get(0) ?? IGNORE
  let last = -1
  let lastId = IGNORE
  return Uint8Array.from(pixelCodes(mask, kind), (code, i) => {
    if (alpha?.[i] === 0) return transparent
    if (code !== last) {
      last = code
      lastId = codes.get(code) ?? IGNORE
    }
    return lastId
  })
}

/** The coding by which the mask's file can be stored as it is; null: it has to be stored as a PNG of class ids. */
export function storedCoding({ view, codes }: MaskReading, { alpha, isLossy }: MaskCensus): LabelCoding | null {
  if (isLossy || alpha || view === 'alpha') return null
  const classes = [...codes].filter(([, id]) => id !== IGNORE)
  if (view === 'colors') {
    return { kind: 'color', entries: classes.map(([code, id]) => [code >> 16, (code >> 8) & 255, code & 255, id]) }
  }
  if (classes.some(([code]) => code > 255)) return null
  return { kind: 'index', table: Array.from({ length: 256 }, (_, value) => codes.get(value) ?? IGNORE) }
}
