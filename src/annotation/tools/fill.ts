import { IGNORE, isLabelled } from '../../domain/labels'
import type { Rectangle } from '../../domain/size'
import type { LabelRaster, PixelLabel } from '../raster'
import { labelRuns } from '../runs'
import { floodSpans, type Point, type RowRuns } from '../shapes'
import type { GestureTool } from './tool'

/** Fills the connected pixels that have the clicked pixel's class, or void, or no label, as far as the stroke may paint. */
export const fill = {
  id: 'fill',
  name: 'Fill',
  hint: 'Click: fills what hangs together',
  key: 'g',
  icon: 'M5 12l7-8 7 8-7 7zM5 12h14M20 16c1 2 2 3 0 4-2-1-1-2 0-4z',
  cursor: 'crosshair',
  size: null,
  press: 'gesture',
  erases: false,
  begin: ({ at, stroke, raster, sink }) => {
    const { area } = stroke
    const seed = { x: Math.floor(at.x) - area.x, y: Math.floor(at.y) - area.y }
    if (seed.x < 0 || seed.y < 0 || seed.x >= area.width || seed.y >= area.height) return {}
    floodSpans(seed, area, alikeRuns(raster, area, seed), (y, x0, x1) => sink(area.y + y, area.x + x0, area.x + x1))
    return {}
  },
} as const satisfies GestureTool

/**
 * Runs in the rows of an area with the class of one of its pixels. Void and no label share a class id and are told apart.
 * @param at pixel of the area, counted from its top-left one
 */
function alikeRuns(raster: LabelRaster, area: Rectangle, at: Point): RowRuns {
  const { width } = raster.size
  const clicked = (area.y + at.y) * width + area.x + at.x
  const classId = raster.classes[clicked]
  const isVoid = isLabelled(raster.provenance[clicked])
  const isAlike = (label: PixelLabel) =>
    (label & 255) === classId && (classId !== IGNORE || isLabelled(label >> 8) === isVoid)
  return (y) => {
    const first = (area.y + y) * width + area.x
    const runs: number[] = []
    labelRuns(raster, first, first + area.width, (start, end, label) => {
      if (!isAlike(label)) return
      // Neighbouring runs that differ only in who labelled them become one.
      if (runs.at(-1) === start - first) runs.pop()
      else runs.push(start - first)
      runs.push(end - first)
    })
    return runs
  }
}
