/** The labels of one image at its own size: each pixel's class, and who gave it. */
import { IGNORE, PROVENANCE } from '../domain/labels'
import type { Size } from '../domain/size'

export interface LabelRaster {
  size: Size
  /** H*W class ids, 255 = none or void. */
  classes: Uint8Array
  /** H*W of PROVENANCE. */
  provenance: Uint8Array
}

/** Class id and provenance of one pixel in 16 bits: `class | provenance << 8`. */
export type PixelLabel = number

export const UNLABELLED: PixelLabel = pixelLabel(IGNORE, PROVENANCE.none)

export function pixelLabel(classId: number, provenance: number): PixelLabel {
  return classId | (provenance << 8)
}

export function emptyRaster(size: Size): LabelRaster {
  const pixels = size.height * size.width
  return { size, classes: new Uint8Array(pixels).fill(IGNORE), provenance: new Uint8Array(pixels) }
}

/** Gives the pixels with the indices `start` to `end` - 1 one label. */
export function fillLabel({ classes, provenance }: LabelRaster, start: number, end: number, label: PixelLabel): void {
  classes.fill(label & 255, start, end)
  provenance.fill(label >> 8, start, end)
}
