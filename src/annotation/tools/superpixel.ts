import type { SpanSink } from '../shapes'
import { type GestureTool, trail } from './tool'

/** Radius of a trail that leaves no gap between the pixels of a slanted way. */
const HAIR = Math.SQRT1_2

/** Paints every superpixel that the pointer comes over, also those that it jumps over between two events. */
export const superpixel = {
  id: 'superpixel',
  name: 'Superpixel',
  hint: 'Click or drag: paints whole superpixels',
  key: 's',
  icon: 'M4 6l6-2 5 3 5-1v6l-3 3 2 4-6 1-4-3-6 2 1-6-2-3zM10 4l1 6-5 4M11 10l5 2 4-2M16 12l-1 8',
  cursor: 'crosshair',
  size: 'superpixels',
  press: 'gesture',
  erases: false,
  begin: ({ at, settings, raster, sink }) => {
    const { superpixels } = settings
    if (!superpixels) return {}
    const painted = new Set<number>()
    const paint: SpanSink = (y, x0, x1) => {
      for (let x = Math.max(0, x0); x < Math.min(raster.size.width, x1); x++) {
        const id = superpixels.at(x, y)
        if (painted.has(id)) continue
        painted.add(id)
        superpixels.spans(id, sink)
      }
    }
    return { move: trail(at, HAIR, raster, paint) }
  },
} as const satisfies GestureTool
