import { brush } from './brush'
import type { GestureTool } from './tool'

export const eraser = {
  id: 'eraser',
  name: 'Eraser',
  hint: 'Drag to take labels away',
  key: 'e',
  icon: 'M8 20h12M5 15L15 5l5 5-10 10H8l-3-3zM10 10l5 5',
  cursor: 'crosshair',
  size: 'radius',
  press: 'gesture',
  erases: true,
  begin: brush.begin,
} as const satisfies GestureTool
