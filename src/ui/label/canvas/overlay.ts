/**
 * Composes class rasters over the photo for each pixel of the screen, so that the cost depends on the screen and not on the image's size.
 */
import type { LabelRaster } from '../../../annotation/raster'
import type { ClassDefinition } from '../../../domain/classes'
import { type Color, VOID_COLOR } from '../../../domain/color'
import { IGNORE, isLabelled } from '../../../domain/labels'
import type { Rectangle, Size } from '../../../domain/size'

/** RGBA in the byte order of ImageData, one 32-bit word (little-endian). */
export type Rgba = number

export function rgba([red, green, blue]: Readonly<Color>, opacity: number): Rgba {
  return ((Math.round(255 * opacity) << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

/** A raster of bytes that covers the whole image, whatever its own size. */
export interface OverlayLayer {
  size: Size
  /** H*W. */
  values: Uint8Array
  /** Colours of the 256 values, then of labelled void; alpha 0 draws nothing. */
  colors: Uint32Array
  /** Colours of the lines between different values; null = no lines. */
  outlines: Uint32Array | null
  /** H*W of PROVENANCE, by which labelled void (value 255) gets its colour; null = void is not drawn. */
  provenance: Uint8Array | null
  /** Diagonal stripes instead of areas. */
  isHatched: boolean
}

/** Place of the image on the screen, in device pixels: screen = (x, y) + scale * image. */
export interface ScreenPlace {
  scale: number
  x: number
  y: number
}

/** Index of labelled void's colour, behind those of all values. */
const VOID = 256
const VOID_OPACITY = 0.65
/** Below this opacity of areas, outlines and void fade with the areas. */
const FULL_STRENGTH_FROM = 0.5
const HATCH_PERIOD = 8

/** Colours of classes at an opacity; 255, and every id without a class, is transparent. */
export function classColors(classes: readonly ClassDefinition[], opacity: number): Uint32Array {
  const colors = new Uint32Array(VOID + 1)
  classes.forEach(({ color }, id) => {
    colors[id] = rgba(color, opacity)
  })
  return colors
}

export function labelLayer(
  { size, classes, provenance }: LabelRaster,
  definitions: readonly ClassDefinition[],
  opacity: number,
): OverlayLayer {
  const strength = Math.min(1, opacity / FULL_STRENGTH_FROM)
  const colors = classColors(definitions, opacity)
  colors[VOID] = rgba(VOID_COLOR, VOID_OPACITY * strength)
  return { size, values: classes, colors, outlines: classColors(definitions, strength), provenance, isHatched: false }
}

/** Along one axis, the layer's index for each of `count` screen positions from `from` on; -1 outside the image. */
export function positions(
  from: number,
  count: number,
  offset: number,
  scale: number,
  image: number,
  layer: number,
): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const place = (from + i + 0.5 - offset) / scale
    return place >= 0 && place < image ? Math.floor((place * layer) / image) : -1
  })
}

/** One layer over another (Porter and Duff's "over"), neither premultiplied. */
function over(top: Rgba, bottom: Rgba): Rgba {
  const topAlpha = top >>> 24
  if (topAlpha === 255 || bottom >>> 24 === 0) return top
  if (topAlpha === 0) return bottom
  const below = ((bottom >>> 24) * (255 - topAlpha)) / 255
  const alpha = topAlpha + below
  const share = topAlpha / alpha
  const mix = (shift: number) => {
    const under = (bottom >>> shift) & 255
    return Math.round(under + (((top >>> shift) & 255) - under) * share) << shift
  }
  return ((Math.round(alpha) << 24) | mix(16) | mix(8) | mix(0)) >>> 0
}

/**
 * Composes the layers, the first lowest, for the screen pixels of `area`.
 * @param pixels area.width * area.height, overwritten
 */
export function composeOverlay(
  pixels: Uint32Array,
  area: Rectangle,
  image: Size,
  place: ScreenPlace,
  layers: readonly OverlayLayer[],
): void {
  pixels.fill(0, 0, area.width * area.height)
  for (const layer of layers) {
    const columns = positions(area.x - 1, area.width + 1, place.x, place.scale, image.width, layer.size.width)
    const rows = positions(area.y - 1, area.height + 1, place.y, place.scale, image.height, layer.size.height)
    for (let y = 0; y < area.height; y++) {
      if (rows[y + 1] < 0) continue
      const target = pixels.subarray(y * area.width, (y + 1) * area.width)
      composeRow(target, layer, columns, { above: rows[y], row: rows[y + 1], phase: area.x + area.y + y })
    }
  }
}

function composeRow(
  target: Uint32Array,
  { values, size, colors, outlines, provenance, isHatched }: OverlayLayer,
  columns: Int32Array,
  { above, row, phase }: { above: number; row: number; phase: number },
): void {
  const start = row * size.width
  const startAbove = Math.max(0, above) * size.width
  for (let x = 0; x < target.length; x++) {
    const column = columns[x + 1]
    if (column < 0) continue
    const value = values[start + column]
    let color = colors[value]
    if (outlines) {
      const left = values[start + Math.max(0, columns[x])]
      if (left !== value || values[startAbove + column] !== value) color = outlines[value] || outlines[left] || color
    }
    if (value === IGNORE && provenance && isLabelled(provenance[start + column])) color = colors[VOID]
    if (color >>> 24 === 0 || (isHatched && (phase + x) % HATCH_PERIOD >= HATCH_PERIOD / 2)) continue
    target[x] = target[x] === 0 ? color : over(color, target[x])
  }
}
