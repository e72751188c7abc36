import type { LabelRaster } from '../raster'
import { type Point, polygonSpans } from '../shapes'
import type { Stroke } from '../stroke'
import { extendWay } from './line'
import { type ClickTool, classSink } from './tool'

export const polygon = {
  id: 'polygon',
  name: 'Polygon',
  hint: 'Click corners; Enter, or a click on the first, fills it',
  key: 'p',
  icon: 'M5 19L4 8l8-4 8 6-3 9zM4 8h.01M12 4h.01M20 10h.01',
  cursor: 'crosshair',
  size: null,
  press: 'corner',
} as const satisfies ClickTool

/** Whether there are enough corners to enclose something. */
export function isPolygon(corners: readonly Point[]): boolean {
  return corners.length >= 3
}

/** Whether a click at `at` closes the polygon instead of adding a corner: it comes within `reach` pixels of the first one. */
export function closesPolygon(corners: readonly Point[], at: Point, reach: number): boolean {
  const [first] = corners
  return isPolygon(corners) && Math.hypot(first.x - at.x, first.y - at.y) <= reach
}

/**
 * Paints the inside of a polygon, closed from its last corner to its first.
 * @param raster the one that `stroke` paints
 */
export function paintPolygon(stroke: Stroke, raster: LabelRaster, classId: number, corners: readonly Point[]): void {
  const way = corners.slice(0, 1)
  for (const corner of corners.slice(1)) extendWay(way, corner)
  polygonSpans(way, raster.size, classSink(stroke, classId))
}
