/** Counts what a mask holds, once, so that the meaning of all masks can be weighed without their pixels. */
import type { Color } from '../../domain/color'
import type { Size } from '../../domain/size'
import { countCodes, isGrey, type LabelPng, pixelCodes } from '../../image/label-png'

/** More codes than masks have classes: of masks that hold more, only that many are counted. */
const MOST_CODES = 4096

export interface MaskCensus {
  path: string
  size: Size
  /** Bits a sample. */
  depth: number
  /** `grey` also for colour files whose channels are equal throughout. */
  kind: 'grey' | 'palette' | 'color'
  palette: Color[] | null
  /**
   * Pixels of each value (grey 0..65535, palette index) or colour (0xRRGGBB). Of masks with more than MOST_CODES
   * different codes only that many are counted.
   */
  counts: Map<number, number>
  /** The same of the transparent pixels: those whose alpha is below half of the greatest. null where alpha is constant. */
  transparent: Map<number, number> | null
  isOverflowing: boolean
  /** Pixels of each alpha, when there is an alpha channel or a palette with alpha that is not opaque throughout. */
  alpha: Map<number, number> | null
  /** Share of the pixels that equal the one on their right: large in masks, small in photos and slopes. */
  flatness: number
  /** JPEG or lossy WebP. */
  isLossy: boolean
}

export function takeCensus(path: string, mask: LabelPng, isLossy: boolean): MaskCensus {
  const isColor = mask.colors !== null && !isGrey(mask.colors)
  const codes = pixelCodes(mask, isColor ? 'color' : 'index')
  const counts = countCodes(codes, MOST_CODES)
  const alpha = mask.alpha && countCodes(mask.alpha)
  const isOpaque = alpha === null || (alpha.size === 1 && alpha.has(255))
  const half = alpha ? transparencyLimit(alpha) : 0
  const isMixed = alpha !== null && [...alpha.keys()].some((value) => value < half)
  const { alpha: alphas } = mask
  const under = isMixed && alphas ? codes.filter((_, i) => alphas[i] < half) : null
  return {
    path,
    size: mask.size,
    depth: mask.depth,
    kind: isColor ? 'color' : mask.palette ? 'palette' : 'grey',
    palette: mask.palette,
    counts,
    transparent: under && countCodes(under, MOST_CODES),
    isOverflowing: counts.size >= MOST_CODES,
    alpha: isOpaque ? null : alpha,
    flatness: flatnessOf(codes),
    isLossy,
  }
}

function flatnessOf(codes: ArrayLike<number>): number {
  let equal = 0
  for (let i = 1; i < codes.length; i++) if (codes[i] === codes[i - 1]) equal++
  return codes.length > 1 ? equal / (codes.length - 1) : 1
}

/** Pixels with less alpha are transparent: half of the greatest, for overlays are translucent throughout. */
function transparencyLimit(alpha: ReadonlyMap<number, number>): number {
  return Math.max(...alpha.keys()) / 2
}
