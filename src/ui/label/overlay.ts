/**
 * Rasters of class ids and bytes drawn over the photo, composed for each pixel of the screen: the cost is that of the screen,
 * whatever the size of the image. Pure.
 */
import type { LabelRaster } from '../../annotation/raster'
import { isAnnotated } from '../../cpral/budget'
import type { Size } from '../../cpral/config'
import type { Rectangle } from '../../cpral/oracle'
import { type ClassDefinition, IGNORE } from '../../storage/schema'

/** RGBA in the byte order of ImageData, one 32-bit word (little-endian). */
export type Rgba = number

export function rgba([red, green, blue]: readonly [number, number, number], opacity: number): Rgba {
  return ((Math.round(255 * opacity) << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

/** A raster of bytes that lies over the whole image, whatever its own size. */
export interface OverlayLayer {
  size: Size
  /** H*W. */
  values: Uint8Array
  /** Colour of each of the 256 values; alpha 0 where nothing is drawn. */
  colors: Uint32Array
  /** Colours of the lines between different values; null draws none. */
  outlines: Uint32Array | null
  /** H*W of PROVENANCE: with it, void that was labelled shows in `voidColor` though its value is 255. */
  provenance: Uint8Array | null
  voidColor: Rgba
  /** Draws diagonal stripes instead of areas. */
  isHatched: boolean
}

/** Where the image lies on the screen, in device pixels: screen = offset + scale * image. */
export interface ScreenPlace {
  scale: number
  x: number
  y: number
}

const VOID_COLOR = [110, 110, 110] as const
const VOID_OPACITY = 0.65
/** Opacity of areas from which on outlines and void are at their strongest: below it they fade with the areas. */
const FULL_STRENGTH_FROM = 0.5
const HATCH_PERIOD = 8

/** Colours of classes at an opacity; 255, and every id without a class, is transparent. */
export function classColors(classes: readonly ClassDefinition[], opacity: number): Uint32Array {
  const colors = new Uint32Array(256)
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
  return {
    size,
    values: classes,
    colors: classColors(definitions, opacity),
    outlines: classColors(definitions, strength),
    provenance,
    voidColor: rgba(VOID_COLOR, VOID_OPACITY * strength),
    isHatched: false,
  }
}

/** Index in the layer of each screen position along one axis; -1 outside the image. */
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
    let above = new Uint16Array(columns.length)
    let row = new Uint16Array(columns.length)
    readRow(row, layer, columns, Math.max(0, rows[0]))
    for (let y = 0; y < area.height; y++) {
      if (rows[y + 1] < 0) continue
      // Where the image is drawn large, many rows of the screen show one of it.
      const isRepeated = rows[y + 1] === Math.max(0, rows[y])
      if (!isRepeated) {
        ;[above, row] = [row, above]
        readRow(row, layer, columns, rows[y + 1])
      }
      const target = pixels.subarray(y * area.width, (y + 1) * area.width)
      composeRow(target, layer, columns, { row, above: isRepeated ? row : above, phase: area.x + area.y + y })
    }
  }
}

/** What stands for void that was labelled, in a row as it is read: no value of a layer is as large. */
const VOID = 256

/** The layer's values at some of its columns in a row; left of the image, those of the first column. */
function readRow(target: Uint16Array, { values, size, provenance }: OverlayLayer, columns: Int32Array, y: number) {
  const start = y * size.width
  for (let x = 0; x < columns.length; x++) {
    const index = start + Math.max(0, columns[x])
    const value = values[index]
    target[x] = value === IGNORE && provenance && isAnnotated(provenance[index]) ? VOID : value
  }
}

function composeRow(
  target: Uint32Array,
  { colors, outlines, voidColor, isHatched }: OverlayLayer,
  columns: Int32Array,
  { row, above, phase }: { row: Uint16Array; above: Uint16Array; phase: number },
): void {
  for (let x = 0, left = row[0]; x < target.length; x++) {
    const value = row[x + 1]
    const isBorder = left !== value || above[x + 1] !== value
    let color = value === VOID ? voidColor : colors[value]
    if (isBorder && outlines && value !== VOID) color = outlines[value] || outlines[left] || color
    left = value
    if (color >>> 24 === 0 || columns[x + 1] < 0) continue
    if (isHatched && (phase + x) % HATCH_PERIOD >= HATCH_PERIOD / 2) continue
    target[x] = target[x] === 0 ? color : over(color, target[x])
  }
}
