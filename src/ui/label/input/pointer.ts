import type { Point } from '../../../annotation/shapes'
import { eraser } from '../../../annotation/tools/eraser'
import { pickClass } from '../../../annotation/tools/pick'
import { closesPolygon, isPolygon, paintPolygon, polygon } from '../../../annotation/tools/polygon'
import { type Gesture, startGesture, type Tool } from '../../../annotation/tools/tool'
import type { LabelSession } from '../../../state/labelling/label-session.svelte'
import type { Viewport } from '../../image/viewport.svelte'
import type { CanvasPainter } from '../canvas/canvas-painter'

/** CSS pixels around a polygon's first corner in which a click closes the polygon. */
const CLOSING_DISTANCE = 10

const MIDDLE_BUTTON = 1
const RIGHT_BUTTON = 2
/** Bit of `PointerEvent.buttons`: a pen held upside down. */
const PEN_ERASER = 32

/** A second finger starts a pinch. What the first one drew is dropped if it is younger than this, and reached less far in CSS pixels. */
const PINCH_BEGINS_MS = 250
const PINCH_BEGINS_PIXELS = 12

/** A press of a pointer, or of a key in its place. */
interface Press {
  pointerId: number
  pointerType: string
  erases: boolean
}

/** The gesture of the pointer that is down. */
interface Drawing extends Omit<Press, 'erases'> {
  gesture: Gesture
  startedAt: number
  start: Point
  /** Largest distance from `start`, in CSS pixels. */
  reach: number
}

/**
 * Turns pointer events on the canvas into strokes and moves of the view. Mouse, pen and one finger draw; two fingers, the middle button
 * or the hand tool move the view; the right button, a pen's eraser or Ctrl erases. While a pen is down, touches are ignored: they are the
 * hand that holds it.
 */
export class PointerController {
  /** Position of the pointer in CSS pixels of the canvas; null outside. */
  hover: Point | null = null
  /** Corners of the polygon being drawn. */
  corners: Point[] = []
  #drawing: Drawing | null = null
  #panning: Point | null = null
  readonly #touches = new Map<number, Point>()
  readonly #session: LabelSession
  readonly #viewport: Viewport
  readonly #painter: CanvasPainter

  constructor(session: LabelSession, viewport: Viewport, painter: CanvasPainter) {
    this.#session = session
    this.#viewport = viewport
    this.#painter = painter
  }

  /** Points of the line being drawn; empty when there is none. */
  get way(): readonly Point[] {
    return this.#drawing?.gesture.way ?? []
  }

  /** The tool in use: the chosen one, but while the right button erases. */
  get tool(): Tool {
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
    if (button === MIDDLE_BUTTON || this.#session.tools.tool.press === 'pan') {
      this.#panning = at
      return
    }
    const erases = button === RIGHT_BUTTON || ctrlKey || metaKey || (buttons & PEN_ERASER) !== 0
    this.press(at, { pointerId, pointerType, erases })
  }

  /** Takes back what the hand has drawn or moved that was put down before its pen. */
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

  /** Uses the tool in hand at a point of the canvas; `settle` ends a gesture. */
  press(at: Point, { pointerId, pointerType, erases }: Press) {
    const { tools, open } = this.#session
    const point = this.#toImage(at)
    if (!open || this.#drawing) return
    const tool = erases ? eraser : tools.tool
    if (tool.press === 'pick') this.pick(at)
    else if (tool.press === 'corner') this.#addCorner(point)
    else if (tool.press === 'gesture') {
      const stroke = this.#session.begin(tool, () => this.settle())
      if (!stroke) return
      const { classId, radius } = tools
      const settings = { classId, radius, superpixels: this.#session.superpixels.map }
      const gesture = startGesture(tool, stroke, open.document.raster, settings, point)
      this.#drawing = { gesture, pointerId, pointerType, startedAt: performance.now(), start: at, reach: 0 }
      this.#repaint(gesture)
    }
  }

  /** Moves to a point of the canvas, and draws on the way while a gesture is on. */
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
    // A fast hand makes several events a frame; all of them shape the line.
    const events = event.getCoalescedEvents?.() ?? []
    for (const each of events.length > 0 ? events : [event]) drawing.gesture.move(this.#toImage(place(each)))
    this.#repaint(drawing.gesture, event)
  }

  up(event: PointerEvent) {
    this.#touches.delete(event.pointerId)
    this.#panning = null
    if (event.pointerId === this.#drawing?.pointerId) this.settle(event)
  }

  /** Ends the gesture as if the pointer had been lifted, and keeps what it drew. */
  settle(event?: PointerEvent) {
    const gesture = this.#drawing?.gesture
    this.#drawing = null
    if (!gesture) return
    gesture.end()
    this.#session.commit(gesture.stroke, gesture.tool.name)
    this.#repaint(gesture, event)
  }

  leave() {
    this.hover = null
    this.#painter.guides()
  }

  /** Takes back the gesture or the polygon being drawn. Returns whether there was one. */
  cancel(): boolean {
    const gesture = this.#drawing?.gesture
    const had = gesture !== undefined || this.corners.length > 0
    this.#drawing = null
    this.#panning = null
    this.corners = []
    gesture?.stroke.cancel()
    if (gesture) this.#repaint(gesture)
    this.#painter.guides()
    return had
  }

  /** Takes back the polygon's last corner, else the gesture being drawn. Returns whether there was one. */
  takeBack(): boolean {
    return this.removeCorner() || this.cancel()
  }

  /** The browser took the pointer away (a call, a system gesture): what it drew is taken back. */
  lost(event: PointerEvent) {
    this.#touches.delete(event.pointerId)
    if (event.pointerId === this.#drawing?.pointerId) this.cancel()
    this.#panning = null
  }

  /** Chooses the class under the pointer. */
  pick(at = this.hover) {
    const { open, tools } = this.#session
    if (!open || !at) return
    const classId = pickClass(open.document.raster, this.#toImage(at))
    if (classId !== null) tools.classId = classId
  }

  /** Paints the polygon, closed from its last corner to its first. */
  finishPolygon() {
    const { open, tools } = this.#session
    const corners = this.corners
    this.corners = []
    this.#painter.guides()
    const stroke = isPolygon(corners) ? this.#session.begin(polygon, () => {}) : null
    if (!open || !stroke) return
    paintPolygon(stroke, open.document.raster, tools.classId, corners)
    this.#session.commit(stroke, polygon.name, corners.length)
    this.#repaint({ stroke })
  }

  /** Drops the polygon being drawn when another tool is chosen, but for the hand, which only moves the view. */
  toolChanged({ press }: Tool) {
    if (press === 'corner' || press === 'pan' || this.corners.length === 0) return
    this.corners = []
    this.#painter.guides()
  }

  /** Takes back the polygon's last corner. Returns whether there was one. */
  removeCorner(): boolean {
    const had = this.corners.length > 0
    this.corners = this.corners.slice(0, -1)
    this.#painter.guides()
    return had
  }

  /** Pixel of the image under the pointer; null outside. */
  get pixel(): Point | null {
    return this.hover && this.#viewport.pixelAt(this.hover)
  }

  #addCorner(point: Point) {
    if (closesPolygon(this.corners, point, CLOSING_DISTANCE / this.#viewport.scale)) {
      this.finishPolygon()
      return
    }
    if (this.#session.isReadOnly) return
    this.corners = [...this.corners, point]
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

  /** Image coordinates of a point of the canvas, also outside the image: a brush may begin there. */
  #toImage({ x, y }: Point): Point {
    const { scale, offset } = this.#viewport
    return { x: (x - offset.x) / scale, y: (y - offset.y) / scale }
  }

  #repaint({ stroke }: Pick<Gesture, 'stroke'>, event?: PointerEvent) {
    const dirty = stroke.takeDirty()
    if (dirty) this.#painter.changed(dirty, event?.timeStamp)
  }
}

function place(event: PointerEvent): Point {
  return { x: event.offsetX, y: event.offsetY }
}
