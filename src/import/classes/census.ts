/** Counts what a mask holds: the evidence from which the meaning of all masks is found. */
import type { Color } from '../../domain/color'
import type { Size } from '../../domain/size'
import { isGrey, type LabelPng, pixelCodes } from '../../image/label-png'

/** Codes of one mask that are counted: more are a photo's, and tell nothing. */
export const MOST_CODES = 4096

/** Pixels of a code; `inner` are those whose neighbours on all four sides have it too. Edges between areas have none. */
export interface CodeCount {
  pixels: number
  inner: number
}

export interface MaskCensus {
  path: string
  size: Size
  /** Bits a sample. */
  depth: number
  /** `grey` is also an RGB mask in which every colour is grey. */
  kind: 'grey' | 'palette' | 'color'
  /** Colours of the indices; null unless `kind` is 'palette'. */
  palette: Color[] | null
  /** By grey value (0..65535), index, or colour (0xRRGGBB); where the mask is transparent, 0. */
  counts: Map<number, CodeCount>
  /** The mask has more than MOST_CODES different codes, of which only those were counted. */
  isOverflowing: boolean
  /** By opacity, 0..255; null for a mask that is opaque throughout. */
  alpha: Map<number, CodeCount> | null
  /** The mask has one code throughout, transparent or not: only its alpha can tell areas apart. */
  isPlain: boolean
  /** The file's format keeps no exact values. */
  isLossy: boolean
}

export function takeCensus(path: string, mask: LabelPng, isLossy: boolean): MaskCensus {
  const { size, depth, alpha, palette } = mask
  const codes = maskCodes(mask)
  const kind = mask.palette ? 'palette' : mask.values || (mask.colors && isGrey(mask.colors)) ? 'grey' : 'color'
  const { counts, isOverflowing } = countAreas(codes, size)
  const opacities = alpha && countAreas(alpha, size).counts
  return {
    path,
    size,
    depth,
    kind,
    palette: kind === 'palette' && palette && !isGreyRamp(palette) ? palette : null,
    counts,
    isOverflowing,
    alpha: opacities && (opacities.size > 1 || !opacities.has(255)) ? opacities : null,
    isPlain: alpha ? isConstant(pixelCodes(mask, codeKind(mask))) : counts.size === 1,
    isLossy,
  }
}

function isConstant(codes: ArrayLike<number>): boolean {
  for (let i = 1; i < codes.length; i++) if (codes[i] !== codes[0]) return false
  return true
}

function codeKind({ colors }: LabelPng): 'index' | 'color' {
  return colors && !isGrey(colors) ? 'color' : 'index'
}

/** Values or colours, and 0 where the mask is transparent. */
function maskCodes(mask: LabelPng): Uint8Array | Uint16Array | Uint32Array {
  const codes = pixelCodes(mask, codeKind(mask))
  const { alpha } = mask
  return alpha ? codes.map((code, i) => (alpha[i] === 0 ? 0 : code)) : codes
}

/** A palette in which every index is its own grey says nothing about colours. */
function isGreyRamp(palette: readonly Color[]): boolean {
  return palette.every(([red, green, blue], index) => red === index && green === index && blue === index)
}

function countAreas(
  codes: Uint8Array | Uint16Array | Uint32Array,
  { height, width }: Size,
): { counts: Map<number, CodeCount>; isOverflowing: boolean } {
  const counts = new Map<number, CodeCount>()
  let isOverflowing = false
  let last = -1
  let count: CodeCount | undefined
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const code = codes[i]
      if (code !== last) {
        last = code
        count = counts.get(code)
        if (!count && counts.size < MOST_CODES) {
          count = { pixels: 0, inner: 0 }
          counts.set(code, count)
        }
      }
      if (!count) {
        isOverflowing = true
        continue
      }
      count.pixels++
      const isInside = row > 0 && row < height - 1 && column > 0 && column < width - 1
      if (
        isInside &&
        codes[i - 1] === code &&
        codes[i + 1] === code &&
        codes[i - width] === code &&
        codes[i + width] === code
      ) {
        count.inner++
      }
    }
  }
  return { counts, isOverflowing }
}
