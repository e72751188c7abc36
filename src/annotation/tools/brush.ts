import { type GestureTool, trail } from './tool'

export const brush = {
  id: 'brush',
  name: 'Brush',
  hint: 'Drag to paint',
  key: 'b',
  icon: 'M14 4l6 6-8 8-4-2-2-4zM6 14l-3 7 7-3',
  cursor: 'crosshair',
  size: 'radius',
  press: 'gesture',
  erases: false,
  begin: ({ at, settings, raster, sink }) => ({ move: trail(at, settings.radius, raster, sink) }),
} as const satisfies GestureTool
