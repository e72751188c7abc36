/** The tools: what a way of the pointer over the image paints. Each gesture is one stroke. */
import { IGNORE, isLabelled, PROVENANCE } from '../domain/labels'
import type { Rectangle } from '../domain/size'
import { type LabelRaster, type PixelLabel, pixelLabel, UNLABELLED } from './raster'
import { labelRuns } from './runs'
import { brushSpans, floodSpans, type Point, polygonSpans, type RowRuns, type SpanSink } from './shapes'
import type { Stroke } from './stroke'
import type { SuperpixelMap } from './superpixels'

/** `polygon` is made of clicks, `pick` only looks and `pan` moves the view; the others paint in one go. */
export const TOOLS = ['superpixel', 'brush', 'eraser', 'line', 'polygon', 'fill', 'pick', 'pan'] as const
export type ToolName = (typeof TOOLS)[number]
export type GestureTool = Exclude<ToolName, 'polygon' | 'pick' | 'pan'>

export interface GestureSettings {
  tool: GestureTool
  /** Class id that is painted; 255 paints void. */
  classId: number
  /** Of brush and eraser, in pixels of the image; half a pixel paints one. */
  radius: number
  /** For the superpixel tool; null until they are computed, when it paints nothing. */
  superpixels: SuperpixelMap | null
}

/** One way of the pointer, from pressing to letting go. */
export interface Gesture {
  readonly stroke: Stroke
  readonly tool: GestureTool
  move(to: Point): void
  /** The pointer was lifted: what the whole way makes is painted now. */
  end(): void
  /** The way so far of a line, to be shown; empty for tools that paint at once. */
  readonly way: readonly Point[]
}

/** The label that a person's tool gives. */
export function humanLabel(tool: ToolName, classId: number): PixelLabel {
  return tool === 'eraser' ? UNLABELLED : pixelLabel(classId, PROVENANCE.human)
}

/** Starts a gesture at a point of the image. `raster` is the one that `stroke` paints. */
export function startGesture(stroke: Stroke, raster: LabelRaster, settings: GestureSettings, start: Point): Gesture {
  const label = humanLabel(settings.tool, settings.classId)
  const sink: SpanSink = (y, x0, x1) => stroke.fill(y, x0, x1, label)
  const gesture = GESTURES[settings.tool]({ stroke, raster, settings, sink, start })
  return { stroke, tool: settings.tool, way: [], end: () => {}, move: () => {}, ...gesture }
}

interface Beginning {
  stroke: Stroke
  raster: LabelRaster
  settings: GestureSettings
  sink: SpanSink
  start: Point
}

const GESTURES: Record<GestureTool, (beginning: Beginning) => Partial<Gesture>> = {
  brush: brushGesture,
  eraser: brushGesture,
  superpixel: superpixelGesture,
  line: lineGesture,
  fill: fillGesture,
}

function brushGesture({ raster, settings, sink, start }: Beginning): Partial<Gesture> {
  return { move: trail(start, settings.radius, raster, sink) }
}

/** Covers the start, then whatever lies between one point and the next. */
function trail(start: Point, radius: number, { size }: LabelRaster, sink: SpanSink): (to: Point) => void {
  let last = start
  const move = (to: Point) => {
    brushSpans(last, to, radius, size, sink)
    last = to
  }
  move(start)
  return move
}

/** Radius that leaves no gap between the pixels of a slanted way. */
const HAIR = Math.SQRT1_2

/** Paints every superpixel that the pointer comes over, also those it jumps over between two events. */
function superpixelGesture({ raster, settings, sink, start }: Beginning): Partial<Gesture> {
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
  return { move: trail(start, HAIR, raster, paint) }
}

/** Pixels of the image between the points of a way: nearer ones change nothing that is painted. */
const SHORTEST_STEP = 0.5

/** The inside of the way, closed by a straight line from its end to its start. */
function lineGesture({ raster, sink, start }: Beginning): Partial<Gesture> {
  const way = [start]
  const move = (to: Point) => {
    const [before, last] = [way[way.length - 2], way[way.length - 1]]
    // The end follows the pointer until it is far enough from the point before it to stay.
    const stays = !before || Math.hypot(last.x - before.x, last.y - before.y) >= SHORTEST_STEP
    way[stays ? way.length : way.length - 1] = to
  }
  return { way, move, end: () => polygonSpans(way, raster.size, sink) }
}

/** The pixels around that have the same class as the one that was clicked, or void, or no label; as far as the stroke may paint. */
function fillGesture({ stroke, raster, sink, start }: Beginning): Partial<Gesture> {
  const { area } = stroke
  const seed = { x: Math.floor(start.x) - area.x, y: Math.floor(start.y) - area.y }
  if (seed.x < 0 || seed.y < 0 || seed.x >= area.width || seed.y >= area.height) return {}
  floodSpans(seed, area, alikeRuns(raster, area, seed), (y, x0, x1) => sink(area.y + y, area.x + x0, area.x + x1))
  return {}
}

/**
 * Runs in the rows of an area with the class of one of its pixels. Void and no label share a class id and are told apart.
 * @param at place in the area
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
      // Who gave a label makes no difference: such runs are one.
      if (runs.at(-1) === start - first) runs.pop()
      else runs.push(start - first)
      runs.push(end - first)
    })
    return runs
  }
}

/** Class under a point of the image, 255 for void; null where nobody has labelled, or has refused a label only. */
export function pickClass({ classes, provenance, size }: LabelRaster, { x, y }: Point): number | null {
  if (x < 0 || y < 0 || x >= size.width || y >= size.height) return null
  const index = Math.floor(y) * size.width + Math.floor(x)
  return isLabelled(provenance[index]) ? classes[index] : null
}
