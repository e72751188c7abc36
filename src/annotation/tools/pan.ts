import type { ClickTool } from './tool'

export const pan = {
  id: 'pan',
  name: 'Hand',
  hint: 'Drag to move the view',
  key: 'h',
  icon: 'M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3',
  cursor: 'grab',
  size: null,
  press: 'pan',
} as const satisfies ClickTool
