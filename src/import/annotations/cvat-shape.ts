/** Shapes of CVAT's XML as it turns them into masks: all but masks by the rule of pycocotools. */
import type { Size } from '../../domain/size'
import { isNumber } from './annotated'
import { polygonRuns } from './coco-polygon'
import type { ColumnCanvas } from './columns'

export type Paint = (canvas: ColumnCanvas, id: number) => void

type Attributes = Readonly<Record<string, string>>

const ELLIPSE_POINTS = 720
const LARGEST_MASK = 2 ** 31

/** Elements that are read; others have no area, or none in the plane. */
export const SHAPES: ReadonlySet<string> = new Set(['polygon', 'box', 'ellipse', 'mask'])

/** How a shape is painted, or what is wrong with it: the rest of a sentence. */
export function readShape(name: string, attributes: Attributes): Paint | string {
  if (name === 'mask') return readMask(attributes)
  const points = pointsOf(name, attributes)
  if (!points.every(isNumber)) return 'has coordinates that are not numbers'
  if (points.length < 6 || points.length % 2 > 0) return 'has less than three points'
  return (canvas, id) => canvas.paint(polygonRuns(points, canvas.size), id)
}

/** x and y in turns; NaN for what is no number. */
function pointsOf(name: string, attributes: Attributes): number[] {
  if (name === 'polygon') return (attributes.points ?? '').split(/[;,]/).map(numberOf)
  const values = (...keys: string[]) => keys.map((key) => numberOf(attributes[key]))
  const angle = ((attributes.rotation ? numberOf(attributes.rotation) : 0) * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  if (name === 'ellipse') {
    const [x, y, across, down] = values('cx', 'cy', 'rx', 'ry')
    return Array.from({ length: ELLIPSE_POINTS }, (_, i) => {
      const turn = (2 * Math.PI * i) / ELLIPSE_POINTS
      const [dx, dy] = [across * Math.cos(turn), down * Math.sin(turn)]
      return [x + dx * cos - dy * sin, y + dx * sin + dy * cos]
    }).flat()
  }
  const [left, top, right, bottom] = values('xtl', 'ytl', 'xbr', 'ybr')
  if (angle === 0) return [left, top, right, top, right, bottom, left, bottom]
  const [x, y, across, down] = [(left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2]
  const corners = [
    [-across, -down],
    [across, -down],
    [across, down],
    [-across, down],
  ]
  return corners.flatMap(([dx, dy]) => [x + dx * cos - dy * sin, y + dx * sin + dy * cos])
}

/** Run lengths row by row in the mask's box, beginning outside. */
function readMask({ rle = '', left, top, width, height }: Attributes): Paint | string {
  const counts = rle.split(',').map(numberOf)
  const [x, y, w, h] = [left, top, width, height].map(numberOf)
  if (![x, y].every(Number.isInteger) || ![w, h].every((side) => side > 0 && Number.isInteger(side))) {
    return 'has a box that is not whole numbers'
  }
  const pixels = counts.reduce((sum, count) => sum + count, 0)
  if (!counts.every((count) => Number.isInteger(count) && count >= 0) || pixels !== w * h || pixels > LARGEST_MASK) {
    return 'has run lengths that do not add up to its box'
  }
  return (canvas, id) => {
    let at = 0
    for (const [i, count] of counts.entries()) {
      if (i % 2 === 1) paintRuns(canvas, at, at + count, { x, y, w }, id)
      at += count
    }
  }
}

/** Pixels `start` to `end` - 1 of a box of width `w`, row by row. */
function paintRuns(canvas: ColumnCanvas, start: number, end: number, box: Record<'x' | 'y' | 'w', number>, id: number) {
  const { x, y, w } = box
  const last = Math.min(Math.floor((end - 1) / w), canvas.size.height - 1 - y)
  for (let row = Math.max(Math.floor(start / w), -y); row <= last; row++) {
    canvas.paintRow(x + Math.max(start - row * w, 0), x + Math.min(end - row * w, w), y + row, id)
  }
}

function numberOf(text = ''): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

/** Whether the box of a shape lies in no pixel of the image. Masks are seen to when they are painted. */
export function isOutside(name: string, attributes: Attributes, { height, width }: Size): boolean {
  if (name === 'mask') return false
  const points = pointsOf(name, attributes)
  const [xs, ys] = [points.filter((_, i) => i % 2 === 0), points.filter((_, i) => i % 2 === 1)]
  return (
    xs.every((x) => x >= width) || ys.every((y) => y >= height) || xs.every((x) => x <= 0) || ys.every((y) => y <= 0)
  )
}
