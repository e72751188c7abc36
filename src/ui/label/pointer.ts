import type { Point } from '../../annotation/shapes'
import { type Gesture, pickClass, startGesture, type ToolName } from '../../annotation/tools'
import type { LabelSession } from '../../state/labelling/label-session.svelte'
import type { Viewport } from '../image/viewport.svelte'
import type { StagePainter } from './stage-painter'
import { TOOL_NAMES } from './tool-names'

/** How near, in CSS pixels, a click must come to a polygon's first corner to close it. */
const CLOSING_DISTANCE = 10

const MIDDLE_BUTTON = 1
const RIGHT_BUTTON = 2
/** Bit of `buttons`: a pen that is held upside down. */
const PEN_ERASER = 32

/** Until then, and within so many CSS pixels, what a finger drew was the beginning of a pinch. */
const PINCH_BEGINS_MS = 250
const PINCH_BEGINS_PIXELS = 12

/** What presses: a pointer, or a key in its place. */
interface Press {
  pointerId: number
  pointerType: string
  erases: boolean
}

/** One pointer's work from pressing to letting go. */
interface Drawing extends Omit<Press, 'erases'> {
  gesture: Gesture
  startedAt: number
  start: Point
  /** The furthest that it went from its start, in CSS pixels. */
  reach: number
}

/**
 * What pointers do on the stage: mouse, pen and one finger draw; two fingers, the middle button or the hand tool move the view;
 * the right button, a pen's eraser or Ctrl erases. While a pen is down, fingers are the hand that holds it.
 */
export class PointerController {
  /** Where the pointer is, in CSS pixels of the stage; null outside. */
  hover: Point | null = null
  /** Corners of the polygon on its way. */
  polygon: Point[] = []
  #drawing: Drawing | null = null
  #panning: Point | null = null
  readonly #touches = new Map<number, Point>()
  readonly #session: LabelSession
  readonly #viewport: Viewport
  readonly #painter: StagePainter

  constructor(session: LabelSession, viewport: Viewport, painter: StagePainter) {
    this.#session = session
    this.#viewport = viewport
    this.#painter = painter
  }

  /** The way of the line on its way; empty otherwise. */
  get way(): readonly Point[] {
    return this.#drawing?.gesture.way ?? []
  }

  get isDrawing(): boolean {
    return this.#drawing !== null
  }

  /** The tool in use: the right button erases whatever tool is chosen. */
  get tool(): ToolName {
    return this.#drawing?.gesture.tool ?? this.#session.tools.tool
  }

  down(event: PointerEvent) {
    const at = place(event)
    const { button, buttons, ctrlKey, metaKey, pointerId, pointerType } = event
    if (this.#drawing?.pointerType === 'pen') return
    if (pointerType === 'pen') this.#handRests()
    this.hover = at
    if (pointerType === 'touch') {
      this.#touches.set(pointerId, at)
      if (this.#touches.size >= 2) {
        this.#pinchBegins()
        return
      }
    }
    if (this.#drawing) return
    if (button === MIDDLE_BUTTON || this.#session.tools.tool === 'pan') {
      this.#panning = at
      return
    }
    const erases = button === RIGHT_BUTTON || ctrlKey || metaKey || (buttons & PEN_ERASER) !== 0
    this.press(at, { pointerId, pointerType, erases })
  }

  /** The pen comes after the hand that holds it: what that has drawn or moved was not meant. */
  #handRests() {
    this.#touches.clear()
    this.#panning = null
    if (this.#drawing?.pointerType === 'touch') this.cancel()
  }

  #pinchBegins() {
    const { startedAt, reach } = this.#drawing ?? { startedAt: 0, reach: 0 }
    const isYoung = performance.now() - startedAt < PINCH_BEGINS_MS && reach < PINCH_BEGINS_PIXELS
    if (isYoung) this.cancel()
    else this.settle()
    this.#panning = null
  }

  /** Begins what the tool in hand does at a place of the stage; `settle` ends it. */
  press(at: Point, { pointerId, pointerType, erases }: Press) {
    const { tools, open } = this.#session
    const point = this.#toImage(at)
    if (!open || this.#drawing) return
    const tool: ToolName = erases ? 'eraser' : tools.tool
    if (tool === 'pan') return
    if (tool === 'pick') this.pick(at)
    else if (tool === 'polygon') this.#addCorner(at, point)
    else {
      const stroke = this.#session.begin(tool, () => this.settle())
      if (!stroke) return
      const { classId, radius } = tools
      const settings = { tool, classId, radius, superpixels: this.#session.superpixels.map }
      const gesture = startGesture(stroke, open.document.raster, settings, point)
      this.#drawing = { gesture, pointerId, pointerType, startedAt: performance.now(), start: at, reach: 0 }
      this.#repaint(gesture)
    }
  }

  /** Goes to a place of the stage, drawing on the way where something is being drawn. */
  goTo(at: Point) {
    this.hover = at
    const gesture = this.#drawing?.gesture
    gesture?.move(this.#toImage(at))
    if (gesture) this.#repaint(gesture)
    this.#painter.guides()
  }

  move(event: PointerEvent) {
    const at = place(event)
    const drawing = this.#drawing
    if (drawing?.pointerType === 'pen' && event.pointerId !== drawing.pointerId) return
    this.hover = at
    this.#painter.guides()
    if (this.#touches.has(event.pointerId) && this.#touches.size >= 2) {
      this.#pinch(event.pointerId, at)
      return
    }
    if (this.#panning) {
      this.#viewport.pan({ x: at.x - this.#panning.x, y: at.y - this.#panning.y })
      this.#panning = at
      return
    }
    if (!drawing || event.pointerId !== drawing.pointerId) return
    drawing.reach = Math.max(drawing.reach, Math.hypot(at.x - drawing.start.x, at.y - drawing.start.y))
    // A fast hand makes more than one event a frame; all of them shape the line.
    const events = event.getCoalescedEvents?.() ?? []
    for (const each of events.length > 0 ? events : [event]) drawing.gesture.move(this.#toImage(place(each)))
    this.#repaint(drawing.gesture, event)
  }

  up(event: PointerEvent) {
    this.#touches.delete(event.pointerId)
    this.#panning = null
    if (event.pointerId === this.#drawing?.pointerId) this.settle(event)
  }

  /** Ends the gesture on its way, as if the pointer had been lifted, and keeps what it drew. */
  settle(event?: PointerEvent) {
    const gesture = this.#drawing?.gesture
    this.#drawing = null
    if (!gesture) return
    gesture.end()
    this.#session.commit(gesture.stroke, TOOL_NAMES[gesture.tool])
    this.#repaint(gesture, event)
  }

  leave() {
    this.hover = null
    this.#painter.guides()
  }

  /** Takes back the gesture or polygon on its way. Returns whether there was one. */
  cancel(): boolean {
    const gesture = this.#drawing?.gesture
    const had = gesture !== undefined || this.polygon.length > 0
    this.#drawing = null
    this.#panning = null
    this.polygon = []
    gesture?.stroke.cancel()
    if (gesture) this.#repaint(gesture)
    this.#painter.guides()
    return had
  }

  /** Takes back the polygon's last corner, or else the gesture on its way. Returns whether there was one. */
  takeBack(): boolean {
    return this.removeCorner() || this.cancel()
  }

  /** A pointer that the browser took away (a call, a system gesture): what it drew stays undone. */
  lost(event: PointerEvent) {
    this.#touches.delete(event.pointerId)
    if (event.pointerId === this.#drawing?.pointerId) this.cancel()
    this.#panning = null
  }

  /** Takes the class under the pointer. */
  pick(at = this.hover) {
    const { open, tools } = this.#session
    if (!open || !at) return
    const classId = pickClass(open.document.raster, this.#toImage(at))
    if (classId !== null) tools.classId = classId
  }

  /** Paints the polygon, closed from its last corner to its first. */
  finishPolygon() {
    const { open, tools } = this.#session
    const corners = this.polygon
    this.polygon = []
    this.#painter.guides()
    const stroke = corners.length >= 3 ? this.#session.begin('polygon', () => {}) : null
    if (!open || !stroke) return
    const settings = { tool: 'line', classId: tools.classId, radius: 0, superpixels: null } as const
    const gesture = startGesture(stroke, open.document.raster, settings, corners[0])
    for (const corner of corners.slice(1)) gesture.move(corner)
    gesture.end()
    this.#session.commit(stroke, TOOL_NAMES.polygon, corners.length)
    this.#repaint(gesture)
  }

  /** Another tool was chosen: the corners of a polygon wait while the hand moves the view, and for nothing else. */
  toolChanged(tool: ToolName) {
    if (tool === 'polygon' || tool === 'pan' || this.polygon.length === 0) return
    this.polygon = []
    this.#painter.guides()
  }

  /** Takes back the polygon's last corner. Returns whether there was one. */
  removeCorner(): boolean {
    const had = this.polygon.length > 0
    this.polygon = this.polygon.slice(0, -1)
    this.#painter.guides()
    return had
  }

  /** Pixel of the image under the pointer; null outside. */
  get pixel(): Point | null {
    return this.hover && this.#viewport.pixelAt(this.hover)
  }

  #addCorner(at: Point, point: Point) {
    const first = this.polygon[0]
    if (first && this.polygon.length >= 3) {
      const { scale, offset } = this.#viewport
      const distance = Math.hypot(offset.x + scale * first.x - at.x, offset.y + scale * first.y - at.y)
      if (distance <= CLOSING_DISTANCE) {
        this.finishPolygon()
        return
      }
    }
    if (this.#session.isReadOnly) return
    this.polygon = [...this.polygon, point]
    this.#painter.guides()
  }

  #pinch(moved: number, at: Point) {
    const before = [...this.#touches.values()].slice(0, 2)
    this.#touches.set(moved, at)
    const after = [...this.#touches.values()].slice(0, 2)
    const middle = (points: Point[]) => ({ x: (points[0].x + points[1].x) / 2, y: (points[0].y + points[1].y) / 2 })
    const spread = (points: Point[]) => Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y)
    const [from, to] = [middle(before), middle(after)]
    this.#viewport.pan({ x: to.x - from.x, y: to.y - from.y })
    this.#viewport.zoomAt(to, Math.max(1, spread(after)) / Math.max(1, spread(before)))
  }

  /** The point of the image under a place of the stage, also outside the image: a brush may begin there. */
  #toImage({ x, y }: Point): Point {
    const { scale, offset } = this.#viewport
    return { x: (x - offset.x) / scale, y: (y - offset.y) / scale }
  }

  #repaint({ stroke }: Gesture, event?: PointerEvent) {
    const dirty = stroke.takeDirty()
    if (dirty) this.#painter.changed(dirty, event?.timeStamp)
  }
}

function place(event: PointerEvent): Point {
  return { x: event.offsetX, y: event.offsetY }
}
