/** Rasters as RGBA bytes: classes, maps and labels, in the manner of the paper's Fig. 9. Pure; row-major. */
import type { ClassDefinition } from '../domain/classes'
import { hasClass, isLabelled } from '../domain/labels'
import type { QuantizedMap } from '../domain/round'

/** Dark to bright through violet and orange, even in lightness. */
const HEAT: readonly [number, number, number][] = [
  [8, 6, 28],
  [66, 18, 104],
  [148, 38, 108],
  [218, 74, 72],
  [250, 150, 44],
  [252, 245, 170],
]

/** Colour of void and of pixels without a label. */
const NOTHING: [number, number, number] = [24, 27, 31]

/** RGBA bytes of a map, its maximum brightest. */
export function paintMap({ values }: QuantizedMap): Uint8ClampedArray<ArrayBuffer> {
  const peak = values.reduce((most, value) => Math.max(most, value), 1)
  const rgba = new Uint8ClampedArray(values.length * 4)
  for (let i = 0; i < values.length; i++) {
    const position = ((values[i] ?? 0) / peak) * (HEAT.length - 1)
    const below = Math.min(HEAT.length - 2, Math.floor(position))
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [HEAT[below]?.[channel] ?? 0, HEAT[below + 1]?.[channel] ?? 0]
      rgba[i * 4 + channel] = from + (to - from) * (position - below)
    }
    rgba[i * 4 + 3] = 255
  }
  return rgba
}

/** RGBA bytes of class ids in the classes' colours. */
export function paintClasses(ids: Uint8Array, classes: readonly ClassDefinition[]): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(ids.length * 4)
  for (let i = 0; i < ids.length; i++) rgba.set([...(classes[ids[i] ?? 255]?.color ?? NOTHING), 255], i * 4)
  return rgba
}

/** How strongly a label covers the image below it. */
const COVER = { labelled: 0.78, extended: 0.5, none: 0.55 }

/**
 * Labels over their image: labelled pixels in strong class colours, extended ones striped, the rest of the image dimmed.
 * `rgba` is the image and is painted over in place.
 */
export function paintLabels(
  rgba: Uint8ClampedArray<ArrayBuffer>,
  width: number,
  labels: { classes: Uint8Array; provenance: Uint8Array },
  classes: readonly ClassDefinition[],
): void {
  for (let i = 0; i < labels.classes.length; i++) {
    const provenance = labels.provenance[i]
    const isStripe = (Math.floor(i / width) + (i % width)) % 6 < 3
    let cover = COVER.none
    if (isLabelled(provenance)) cover = COVER.labelled
    else if (hasClass(provenance)) cover = isStripe ? COVER.labelled : COVER.extended
    const color = hasClass(provenance) ? (classes[labels.classes[i]]?.color ?? NOTHING) : NOTHING
    for (let channel = 0; channel < 3; channel++) {
      const at = i * 4 + channel
      rgba[at] = (rgba[at] ?? 0) * (1 - cover) + (color[channel] ?? 0) * cover
    }
  }
}
