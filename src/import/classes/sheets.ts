/** Brings the masks of a set to codes that mean the same in all of them, whatever depth, palette or alpha each has. */
import type { Color } from '../../domain/color'
import { packColor } from '../../image/label-png'
import type { MaskCensus } from './census'
import { ODD_COLOR, type Sheet, TRANSPARENT } from './types'

/** Different codes up to which a mask can be one of classes. */
export const MOST_UNNAMED = 64
const WIDE = 257

export function sheetsBy(view: 'values' | 'colors', censuses: readonly MaskCensus[], usesAlpha: boolean): Sheet[] {
  const toValue = view === 'values' ? valueScale(censuses) : null
  return censuses.map((census) => {
    const codeOf = (code: number) => (toValue ? toValue(census, code) : packed(colorOf(census, code)))
    const codes = new Map([...census.counts.keys()].map((code) => [code, codeOf(code)]))
    const counts = new Map<number, number>()
    const add = (code: number, pixels: number) => {
      if (pixels > 0) counts.set(code, (counts.get(code) ?? 0) + pixels)
    }
    const under = usesAlpha ? transparentOf(census) : new Map<number, number>()
    for (const [code, pixels] of census.counts) {
      const hidden = under.get(code) ?? 0
      add(codes.get(code) ?? 0, pixels - hidden)
      add(TRANSPARENT, hidden)
    }
    return sheet(census, view, codes, counts)
  })
}

function sheet(census: MaskCensus, view: Sheet['view'], codes: Sheet['codes'], counts: Sheet['counts']): Sheet {
  const view2 = view === 'values' && census.kind === 'color' ? 'colors' : view
  return { census, view: view2, codes, counts, pixels: census.size.height * census.size.width }
}

/** The masks by their alpha alone. */
export function alphaSheets(censuses: readonly MaskCensus[]): Sheet[] {
  return censuses.map((census) => {
    const counts = census.alpha ?? new Map([[255, census.size.height * census.size.width]])
    return sheet(census, 'alpha', new Map([...counts.keys()].map((code) => [code, code])), counts)
  })
}

export function colorOf({ kind, palette, depth }: MaskCensus, code: number): Color {
  if (kind === 'color') return [code >> 16, (code >> 8) & 255, code & 255]
  if (kind === 'palette') return palette?.[code] ?? [0, 0, 0]
  const grey = depth < 8 ? Math.round((code * 255) / (2 ** depth - 1)) : depth === 16 && code > 255 ? code >> 8 : code
  return [grey, grey, grey]
}

export function packed(color: Readonly<Color>): number {
  return packColor(...(color as Color))
}

function transparentOf({ transparent, alpha, counts }: MaskCensus): ReadonlyMap<number, number> {
  return transparent ?? (alpha?.size === 1 && alpha.has(0) ? counts : new Map())
}

/**
 * Whether alpha says the labels: `only` where all else is one colour or a photo, `too` where transparent pixels have
 * colours that opaque ones have as well.
 */
export function meaningOfAlpha(censuses: readonly MaskCensus[]): 'none' | 'only' | 'too' {
  if (!censuses.some(({ transparent }) => transparent)) return 'none'
  const [opaque, hidden] = [new Set<number>(), new Set<number>()]
  for (const census of censuses) {
    const under = transparentOf(census)
    for (const [code, pixels] of census.counts) {
      const color = packed(colorOf(census, code))
      if ((under.get(code) ?? 0) > 0) hidden.add(color)
      if ((under.get(code) ?? 0) < pixels) opaque.add(color)
    }
  }
  if (opaque.size > MOST_UNNAMED) return 'only'
  if ([...hidden].every((color) => !opaque.has(color))) return 'none'
  return opaque.size <= 1 ? 'only' : 'too'
}

/** Whether greys of 16 bits are bytes times 257, or smoothed between black and white. */
function isWide({ counts, size }: MaskCensus): boolean {
  const codes = [...counts.keys()]
  if (codes.every((code) => code % WIDE === 0)) return true
  const isEnd = (code: number) => code <= 16 * WIDE || code >= 239 * WIDE
  const ends = [...counts].reduce((sum, [code, count]) => sum + (isEnd(code) ? count : 0), 0)
  return codes.some((code) => code >= 239 * WIDE) && ends / (size.height * size.width) >= 0.6
}

/** Greys of one scale: those of 1 bit are black and white, those of 16 bits may be ones of 8 bits that were widened. */
function valueScale(censuses: readonly MaskCensus[]): (census: MaskCensus, code: number) => number {
  const greys = censuses.filter(({ kind }) => kind === 'grey')
  const deep = greys.filter(({ depth, counts }) => depth === 16 && Math.max(...counts.keys()) > 255)
  const isWidened = deep.length > 0 && greys.every((census) => census.depth < 16 || isWide(census))
  const usesGreys = arePalettesGrey(censuses)
  const full = new Set(greys.filter(({ depth }) => depth === 8).flatMap(({ counts }) => [...counts.keys()]))
  const scales = new Map(
    [1, 2, 4].map((depth) => {
      const factor = 255 / (2 ** depth - 1)
      const codes = new Set(
        greys.filter((census) => census.depth === depth).flatMap(({ counts }) => [...counts.keys()]),
      )
      codes.delete(0)
      const votes = (scale: number) => [...codes].filter((code) => full.has(code * scale)).length
      const [scaled, plain] = [votes(factor), votes(1)]
      return [depth, scaled > plain || (depth === 1 && scaled === plain) ? factor : 1]
    }),
  )
  return ({ kind, depth, palette }, code) => {
    if (kind === 'color') {
      const [red, green, blue] = [code >> 16, (code >> 8) & 255, code & 255]
      return red === green && green === blue ? red : ODD_COLOR + code
    }
    if (kind === 'palette') return usesGreys ? (palette?.[code]?.[0] ?? code) : code
    if (depth < 8) return code * (scales.get(depth) ?? 1)
    return depth === 16 && isWidened ? Math.round(code / WIDE) : code
  }
}

/** Whether the palettes give nothing but greys, each to one index: then the greys count, not the indices. */
function arePalettesGrey(censuses: readonly MaskCensus[]): boolean {
  const colored = censuses.filter(({ kind }) => kind === 'palette')
  return colored.every((census) => {
    const colors = [...census.counts.keys()].map((code) => colorOf(census, code))
    return colors.every(([r, g, b]) => r === g && g === b) && new Set(colors.map(packed)).size === colors.length
  })
}

/** Whether two masks give one index different colours, and each mask's colours tell its indices apart. */
export function doPalettesDiffer(censuses: readonly MaskCensus[]): boolean {
  if (arePalettesGrey(censuses)) return false
  const seen = new Map<number, number>()
  let isDifferent = false
  for (const census of censuses) {
    if (census.kind !== 'palette') continue
    const colors = [...census.counts.keys()].map((code) => packed(colorOf(census, code)))
    if (new Set(colors).size < colors.length) return false
    for (const [i, code] of [...census.counts.keys()].entries()) {
      if (seen.has(code) && seen.get(code) !== colors[i]) isDifferent = true
      seen.set(code, colors[i])
    }
  }
  return isDifferent
}

/** Whether colours count: in most of the masks that say anything, or where palettes differ. */
export function areColored(censuses: readonly MaskCensus[]): boolean {
  const isNoisy = ({ counts }: MaskCensus) => counts.size > MOST_UNNAMED
  const quiet = censuses.some((census) => !isNoisy(census)) ? censuses.filter((census) => !isNoisy(census)) : censuses
  const colored = quiet.filter((census) => census.kind === 'color' && coloredShare(census) >= 0.01)
  const telling = quiet.filter(({ counts }) => counts.size > 1)
  return colored.length > 0 && colored.length >= telling.length * 0.1
}

function coloredShare(census: MaskCensus): number {
  let colored = 0
  for (const [code, pixels] of census.counts) {
    const [red, green, blue] = colorOf(census, code)
    if (red !== green || green !== blue) colored += pixels
  }
  return colored / (census.size.height * census.size.width)
}

/** Colour -> index by the palette that most masks have. */
export function commonPalette(censuses: readonly MaskCensus[]): Map<number, number> {
  const kinds = new Map<string, { masks: number; palette: Color[] }>()
  for (const { palette } of censuses) {
    if (!palette) continue
    const key = palette.join(' ')
    kinds.set(key, { palette, masks: (kinds.get(key)?.masks ?? 0) + 1 })
  }
  const [most] = [...kinds.values()].sort((a, b) => b.masks - a.masks)
  const indices = new Map<number, number>()
  most?.palette.forEach((color, index) => {
    if (!indices.has(packed(color))) indices.set(packed(color), index)
  })
  return indices
}
