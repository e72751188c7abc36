/** The resized copy of an image that label extension works on: area-averaged colours, nearest labels. */
import { IGNORE, labelledMask } from '../domain/labels'
import type { Size } from '../domain/size'
import { areaAverage, nearestResize } from '../image/resample'

/** Colours and labels at the working size. */
export interface WorkingCopy {
  size: Size
  /** H*W*3 sRGB. */
  rgb: Uint8Array
  /** H*W class ids of labelled pixels; 255 where void or not labelled. */
  classes: Uint8Array
  /** H*W, 1 where a pixel is labelled. */
  labelled: Uint8Array
}

/** Size with its long side scaled, up or down, to `longSide`. */
export function workingSize(size: Size, longSide: number): Size {
  const scale = longSide / Math.max(size.height, size.width)
  const scaled = (length: number) => Math.max(1, Math.round(length * scale))
  return { height: scaled(size.height), width: scaled(size.width) }
}

export function workingCopy(
  image: { rgb: Uint8Array | Uint8ClampedArray; classes: Uint8Array; provenance: Uint8Array; size: Size },
  longSide: number,
): WorkingCopy {
  const size = workingSize(image.size, longSide)
  const labelled = nearestResize(labelledMask(image.provenance), image.size, size)
  const classes = nearestResize(image.classes, image.size, size).map((id, i) => (labelled[i] ? id : IGNORE))
  return { size, rgb: areaAverage(image.rgb, image.size, size, 3), classes, labelled }
}
