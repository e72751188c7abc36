/** Class ids, maps and labels as RGBA pixels: row-major, four bytes a pixel. */
import type { ClassDefinition } from '../domain/classes'
import { type Color, VOID_COLOR } from '../domain/color'
import { hasClass, IGNORE, type LabelRecord, PROVENANCE } from '../domain/labels'
import type { QuantizedMap } from '../domain/round'
import type { Size } from '../domain/size'

type Palette = readonly ClassDefinition[]

/** Diagonal stripes of extended labels: period and stripe in pixels, and how much lighter the gaps are. */
const HATCH_PERIOD = 6
const HATCH_STRIPE = 3
const GAP_ALPHA = 70
/** Frames around labelled areas. */
const FRAME: Readonly<Record<number, Readonly<Color>>> = {
  [PROVENANCE.oracle]: [255, 255, 255],
  [PROVENANCE.human]: [255, 209, 102],
  [PROVENANCE.accepted]: [255, 209, 102],
  [PROVENANCE.imported]: [255, 209, 102],
}

function put(pixels: Uint8ClampedArray, index: number, [red, green, blue]: Readonly<Color>, alpha: number) {
  const at = 4 * index
  pixels[at] = red
  pixels[at + 1] = green
  pixels[at + 2] = blue
  pixels[at + 3] = alpha
}

/** Class ids in their colours; void in a colour of its own, or transparent without one. */
export function paintClasses(
  classes: Uint8Array,
  palette: Palette,
  voidColor?: Readonly<Color>,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * classes.length)
  classes.forEach((id, index) => {
    const color = palette[id]?.color ?? voidColor
    if (color) put(pixels, index, color, 255)
  })
  return pixels
}

/** A map in the 256 colours of a ramp. */
export function paintMap(map: QuantizedMap, ramp: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * map.values.length)
  map.values.forEach((value, index) => {
    put(pixels, index, [ramp[3 * value] ?? 0, ramp[3 * value + 1] ?? 0, ramp[3 * value + 2] ?? 0], 255)
  })
  return pixels
}

/**
 * Labels by provenance: labelled areas are solid with a frame (white from the oracle, yellow from a person), labelled void is grey,
 * extended areas are hatched, the rest is transparent.
 */
export function paintLabels(labels: LabelRecord, palette: Palette): Uint8ClampedArray<ArrayBuffer> {
  const { classes, provenance, size } = labels
  const pixels = new Uint8ClampedArray(4 * classes.length)
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const index = y * size.width + x
      const source = provenance[index] ?? PROVENANCE.none
      if (!hasClass(source)) continue
      const id = classes[index] ?? IGNORE
      const isGap = source === PROVENANCE.extended && (x + y) % HATCH_PERIOD >= HATCH_STRIPE
      const frame = FRAME[source]
      if (frame && isEdge(provenance, size, x, y)) put(pixels, index, frame, 255)
      else put(pixels, index, palette[id]?.color ?? VOID_COLOR, isGap ? GAP_ALPHA : 255)
    }
  }
  return pixels
}

/** Whether one of the four neighbours inside the image has another provenance. */
function isEdge(provenance: Uint8Array, { height, width }: Size, x: number, y: number): boolean {
  const index = y * width + x
  const own = provenance[index]
  return (
    (x > 0 && provenance[index - 1] !== own) ||
    (x < width - 1 && provenance[index + 1] !== own) ||
    (y > 0 && provenance[index - width] !== own) ||
    (y < height - 1 && provenance[index + width] !== own)
  )
}

/** A canvas of RGBA pixels: other canvases draw it at any size. */
export function toCanvas(pixels: Uint8ClampedArray<ArrayBuffer>, { height, width }: Size): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0)
  return canvas
}
