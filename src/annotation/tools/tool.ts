/** A tool of the label table: one record in a file of its own, listed in `tools.ts`. */
import { PROVENANCE } from '../../domain/labels'
import { type LabelRaster, pixelLabel, UNLABELLED } from '../raster'
import { brushSpans, type Point, type SpanSink } from '../shapes'
import type { Stroke } from '../stroke'
import type { SuperpixelMap } from '../superpixels'

interface ToolFacts {
  id: string
  /** On its button, and in the record of its strokes. */
  name: string
  /** How to use it, in one sentence. */
  hint: string
  /** Its usual key, in tinykeys' notation. */
  key: string
  /** SVG path of its icon: outlines on a grid of 24. */
  icon: string
  cursor: 'crosshair' | 'grab'
  /** The size that the person chooses for it; null = it has none. */
  size: 'radius' | 'superpixels' | null
}

/** Paints one stroke from pressing to letting go. */
export interface GestureTool extends ToolFacts {
  press: 'gesture'
  /** Takes labels away instead of painting the chosen class. */
  erases: boolean
  /** Paints what pressing at `start.at` covers, and returns what moving and letting go do. */
  begin(start: GestureStart): Partial<Pick<Gesture, 'move' | 'end' | 'way'>>
}

/** `corner`: each click is a corner of a polygon. `pick`: takes the class under the pointer. `pan`: moves the view. */
export interface ClickTool extends ToolFacts {
  press: 'corner' | 'pick' | 'pan'
}

export type Tool = GestureTool | ClickTool

export interface GestureSettings {
  /** Class id to paint; 255 paints void. */
  classId: number
  /** Radius of brush and eraser, in pixels of the image; half a pixel paints one. */
  radius: number
  /** Superpixels of the image; null until they are computed: the superpixel tool then paints nothing. */
  superpixels: SuperpixelMap | null
}

interface GestureStart {
  stroke: Stroke
  /** The raster that `stroke` paints. */
  raster: LabelRaster
  settings: GestureSettings
  /** Paints spans with the gesture's label. */
  sink: SpanSink
  at: Point
}

/** One stroke of a pointer, from pressing to letting go. Points are in pixels of the image. */
export interface Gesture {
  readonly stroke: Stroke
  readonly tool: GestureTool
  move(to: Point): void
  /** Paints what only the whole way decides, when the pointer is lifted. */
  end(): void
  /** Points of a line so far, for the guides; empty for tools that paint at once. */
  readonly way: readonly Point[]
}

/** Starts a gesture at a point of the image. `raster` is the one that `stroke` paints. */
export function startGesture(
  tool: GestureTool,
  stroke: Stroke,
  raster: LabelRaster,
  settings: GestureSettings,
  at: Point,
): Gesture {
  const sink = tool.erases ? eraserSink(stroke) : classSink(stroke, settings.classId)
  return { stroke, tool, way: [], end: () => {}, move: () => {}, ...tool.begin({ stroke, raster, settings, sink, at }) }
}

/** Paints spans with a class that a person gives. */
export function classSink(stroke: Stroke, classId: number): SpanSink {
  const label = pixelLabel(classId, PROVENANCE.human)
  return (y, x0, x1) => stroke.fill(y, x0, x1, label)
}

function eraserSink(stroke: Stroke): SpanSink {
  return (y, x0, x1) => stroke.fill(y, x0, x1, UNLABELLED)
}

/** Covers a disc of `radius` around `at`; the function that it returns covers the way from there to the next point. */
export function trail(at: Point, radius: number, { size }: LabelRaster, sink: SpanSink): (to: Point) => void {
  let last = at
  const move = (to: Point) => {
    brushSpans(last, to, radius, size, sink)
    last = to
  }
  move(at)
  return move
}
