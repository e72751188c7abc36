/** The tools of the label table, in the order of their buttons: the one list. */
import { brush } from './brush'
import { eraser } from './eraser'
import { fill } from './fill'
import { line } from './line'
import { pan } from './pan'
import { pick } from './pick'
import { polygon } from './polygon'
import { superpixel } from './superpixel'
import type { Tool } from './tool'

export const TOOLS = [superpixel, brush, eraser, line, polygon, fill, pick, pan] as const satisfies readonly Tool[]

export type ToolId = (typeof TOOLS)[number]['id']

export function toolOf(id: ToolId): Tool {
  const tool = TOOLS.find((each) => each.id === id)
  if (!tool) throw new Error(`There is no tool "${id}".`)
  return tool
}
