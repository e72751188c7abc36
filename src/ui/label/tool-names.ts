import type { ToolName } from '../../annotation/tools'

export const TOOL_NAMES: Readonly<Record<ToolName, string>> = {
  superpixel: 'Superpixel',
  brush: 'Brush',
  eraser: 'Eraser',
  line: 'Line',
  polygon: 'Polygon',
  fill: 'Fill',
  pick: 'Pick class',
  pan: 'Hand',
}

export const TOOL_TEXTS: Readonly<Record<ToolName, string>> = {
  superpixel: 'Click or drag: paints whole superpixels',
  brush: 'Drag to paint',
  eraser: 'Drag to take labels away',
  line: 'Drag around an area: it closes itself and is filled',
  polygon: 'Click corners; Enter, or a click on the first, fills it',
  fill: 'Click: fills what hangs together',
  pick: 'Click: takes the class under the pointer',
  pan: 'Drag to move the view',
}
