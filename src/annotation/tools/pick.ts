import { isLabelled } from '../../domain/labels'
import type { LabelRaster } from '../raster'
import type { Point } from '../shapes'
import type { ClickTool } from './tool'

export const pick = {
  id: 'pick',
  name: 'Pick class',
  hint: 'Click: takes the class under the pointer',
  key: 'i',
  icon: 'M14 6l4 4M16 4l4 4-2 2-4-4zM13 7L5 15l-1 5 5-1 8-8',
  cursor: 'crosshair',
  size: null,
  press: 'pick',
} as const satisfies ClickTool

/** Class id under a point of the image, 255 for void; null where the pixel is not labelled, or outside. */
export function pickClass({ classes, provenance, size }: LabelRaster, { x, y }: Point): number | null {
  if (x < 0 || y < 0 || x >= size.width || y >= size.height) return null
  const index = Math.floor(y) * size.width + Math.floor(x)
  return isLabelled(provenance[index]) ? classes[index] : null
}
