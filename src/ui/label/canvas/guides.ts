/** Lines over the image: frames of regions, the outline of the tool in hand, and what it is about to draw. In device pixels. */
import type { Point } from '../../../annotation/shapes'
import { type Color, cssColor } from '../../../domain/color'
import type { Rectangle, Size } from '../../../domain/size'
import type { ScreenPlace } from './overlay'

/** Strokes a path over a wider one of a contrasting colour, so that it is seen on every photo. */
function strokeTwice(context: CanvasRenderingContext2D, path: Path2D, color = '#fff', width = 1.5, around = '#000b') {
  context.lineJoin = 'round'
  context.strokeStyle = around
  context.lineWidth = width + 2
  context.stroke(path)
  context.strokeStyle = color
  context.lineWidth = width
  context.stroke(path)
}

const REGION_COLOR = '#ffd166'

/** Frames regions. While tools paint inside the current region only (`isLocked`), the image around it is dimmed. */
export function drawRegions(
  context: CanvasRenderingContext2D,
  { scale, x, y }: ScreenPlace,
  size: Size,
  regions: readonly Rectangle[],
  current: Rectangle | null,
  isLocked: boolean,
) {
  const frame = (region: Rectangle) => {
    const path = new Path2D()
    path.rect(x + region.x * scale, y + region.y * scale, region.width * scale, region.height * scale)
    return path
  }
  if (current && isLocked) {
    const veil = frame({ x: 0, y: 0, ...size })
    veil.addPath(frame(current))
    context.fillStyle = '#0007'
    context.fill(veil, 'evenodd')
  }
  for (const region of regions) strokeTwice(context, frame(region), REGION_COLOR, region === current ? 3 : 1.5)
}

/** Draws the brush's outline in its true size, with a cross where it is too small to be seen. */
export function drawBrush(context: CanvasRenderingContext2D, { scale }: ScreenPlace, at: Point, radius: number) {
  const circle = new Path2D()
  const shown = Math.max(1, radius * scale)
  circle.arc(at.x, at.y, shown, 0, 2 * Math.PI)
  if (shown < 4) {
    circle.moveTo(at.x - 8, at.y)
    circle.lineTo(at.x + 8, at.y)
    circle.moveTo(at.x, at.y - 8)
    circle.lineTo(at.x, at.y + 8)
  }
  strokeTwice(context, circle)
}

/** Points of a line nearer to each other than this, in device pixels, are left out: nobody sees them. */
const SHORTEST_STEP = 2

/** Contrasting outline colour. */
const around = ([red, green, blue]: Readonly<Color>) =>
  0.3 * red + 0.59 * green + 0.11 * blue < 90 ? '#fffd' : '#000b'

const toScreen =
  ({ scale, x, y }: ScreenPlace) =>
  (point: Point): Point => ({ x: x + point.x * scale, y: y + point.y * scale })

/** Draws a line so far, and dashed the side that will close it. */
export function drawWay(
  context: CanvasRenderingContext2D,
  place: ScreenPlace,
  way: readonly Point[],
  color: Readonly<Color>,
) {
  if (way.length === 0) return
  const onScreen = toScreen(place)
  const first = onScreen(way[0])
  const path = new Path2D()
  path.moveTo(first.x, first.y)
  let last = first
  for (let i = 1; i < way.length; i++) {
    const point = onScreen(way[i])
    const isNear = Math.abs(point.x - last.x) < SHORTEST_STEP && Math.abs(point.y - last.y) < SHORTEST_STEP
    if (isNear && i < way.length - 1) continue
    path.lineTo(point.x, point.y)
    last = point
  }
  strokeTwice(context, path, cssColor(color), 2.5, around(color))
  const closing = new Path2D()
  closing.moveTo(last.x, last.y)
  closing.lineTo(first.x, first.y)
  context.setLineDash([6, 6])
  strokeTwice(context, closing, cssColor(color), 1.5, around(color))
  context.setLineDash([])
}

/** Draws a polygon so far, with the side that a click at `next` would add. Its first corner, where a click closes it, is larger. */
export function drawPolygon(
  context: CanvasRenderingContext2D,
  place: ScreenPlace,
  corners: readonly Point[],
  next: Point | null,
  color: Readonly<Color>,
) {
  if (corners.length === 0) return
  drawWay(context, place, next ? [...corners, next] : corners, color)
  for (const [index, point] of corners.map(toScreen(place)).entries()) {
    const corner = new Path2D()
    corner.arc(point.x, point.y, index === 0 ? 6 : 4, 0, 2 * Math.PI)
    context.fillStyle = cssColor(color)
    context.fill(corner)
    strokeTwice(context, corner)
  }
}

/** Scale in device pixels per image pixel from which lines separate the pixels. */
const GRID_SCALE = 14

export function drawPixelGrid(context: CanvasRenderingContext2D, { scale, x, y }: ScreenPlace, image: Size) {
  if (scale < GRID_SCALE) return
  const { width, height } = context.canvas
  const grid = new Path2D()
  const [left, right] = [Math.max(0, x), Math.min(width, x + image.width * scale)]
  const [top, bottom] = [Math.max(0, y), Math.min(height, y + image.height * scale)]
  for (let column = Math.ceil((left - x) / scale); x + column * scale <= right; column++) {
    grid.moveTo(Math.round(x + column * scale) + 0.5, top)
    grid.lineTo(Math.round(x + column * scale) + 0.5, bottom)
  }
  for (let row = Math.ceil((top - y) / scale); y + row * scale <= bottom; row++) {
    grid.moveTo(left, Math.round(y + row * scale) + 0.5)
    grid.lineTo(right, Math.round(y + row * scale) + 0.5)
  }
  context.strokeStyle = '#8886'
  context.lineWidth = 1
  context.stroke(grid)
}
