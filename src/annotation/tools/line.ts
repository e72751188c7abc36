import { type Point, polygonSpans } from '../shapes'
import type { GestureTool } from './tool'

/** Pixels of the image between two points of a way: nearer ones change nothing that is painted. */
const SHORTEST_STEP = 0.5

/** Leads a way to a point. Its end follows the pointer and stays once it is far enough from the point before it. */
export function extendWay(way: Point[], to: Point): void {
  const [before, last] = [way[way.length - 2], way[way.length - 1]]
  const stays = !before || Math.hypot(last.x - before.x, last.y - before.y) >= SHORTEST_STEP
  way[stays ? way.length : way.length - 1] = to
}

/** Fills the inside of the way, closed by a straight line from its end to its start. */
export const line = {
  id: 'line',
  name: 'Line',
  hint: 'Drag around an area: it closes itself and is filled',
  key: 'l',
  icon: 'M5 17c-3-8 4-13 9-12s8 6 4 11-10 5-13 1z',
  cursor: 'crosshair',
  size: null,
  press: 'gesture',
  erases: false,
  begin: ({ at, raster, sink }) => {
    const way = [at]
    return { way, move: (to) => extendWay(way, to), end: () => polygonSpans(way, raster.size, sink) }
  },
} as const satisfies GestureTool
