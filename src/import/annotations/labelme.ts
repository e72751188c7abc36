/** labelme: a JSON file beside each image, with shapes that later ones cover. */
import { FileFault } from '../../domain/errors'
import { IGNORE } from '../../domain/labels'
import type { Size } from '../../domain/size'
import { decodeLabelPng } from '../../image/label-png'
import { isVoidName, oneLine } from '../class-files/names'
import { type Annotations, checkSize, fieldsOf, isFields, isNumber, sizeOf } from './annotated'
import { Faults } from './faults'
import { LARGEST_ELLIPSE, type Point, RowCanvas } from './row-canvas'

/** Pixels, as labelme's own conversion draws them. */
const LINE_WIDTH = 10
const POINT_RADIUS = 5

type Paint = (canvas: RowCanvas, id: number) => void

const OVERLAPS = 'Where shapes of labelme overlap, the later one of the file lies above.'

export function isLabelme(document: unknown): boolean {
  return isFields(document) && Array.isArray(document.shapes) && ('imagePath' in document || 'imageHeight' in document)
}

/** @param document parsed JSON for which `isLabelme` holds */
export function readLabelme(path: string, document: unknown): Annotations {
  const found: Annotations = { path, tool: 'labelme', classes: [], images: [], notes: [OVERLAPS], problems: [] }
  if (!isFields(document)) return found
  const faults = new Faults()
  const ids = new Map<string, number>()
  const shapes: { id: number; paint: Paint }[] = []
  for (const [i, shape] of fieldsOf(document.shapes).entries()) {
    const label = typeof shape.label === 'string' ? oneLine(shape.label) : ''
    const name = `shape ${i + 1} ("${label}")`
    const paint = label === '' ? 'has no label' : readShape(shape)
    if (typeof paint === 'string') {
      faults.add(name, paint, 'Draw it anew in labelme.')
      continue
    }
    const id = isVoidName(label) ? IGNORE : (ids.get(label) ?? ids.size)
    if (id < IGNORE) ids.set(label, id)
    else if (!isVoidName(label)) {
      faults.add(name, 'is of a 256th class, more than a mask can tell apart', 'Keep the classes that you need.')
      continue
    }
    shapes.push({ id, paint })
  }
  const size = sizeOf(document.imageHeight, document.imageWidth)
  const own = path.replace(/\.json$/i, '')
  const said = typeof document.imagePath === 'string' && document.imagePath !== '' ? document.imagePath : own
  const isAbsolute = /^([a-z]:|[\\/])/i.test(said)
  const folder = said === own || isAbsolute ? '' : path.slice(0, path.lastIndexOf('/') + 1)
  const draw = (asked: Size) => {
    checkSize(size, asked)
    const canvas = new RowCanvas(asked)
    for (const { id, paint } of shapes) paint(canvas, id)
    return canvas.ids
  }
  const image = { fileName: folder + said, otherName: own, size, isAnnotated: shapes.length > 0, draw }
  const classes = [...ids.keys()].map((name) => ({ name, color: null }))
  return { ...found, classes, images: [image], problems: faults.problems(path) }
}

/** How a shape is painted, or what is wrong with it. */
function readShape(shape: Record<string, unknown>): Paint | string {
  const list: readonly unknown[] = Array.isArray(shape.points) ? shape.points : []
  const points = list.filter(isPoint)
  if (points.length === 0 || points.length < list.length) return 'has points that are not two numbers each'
  const type = shape.shape_type ?? 'polygon'
  const [first, second] = points
  switch (type) {
    case 'polygon':
    case 'oriented_rectangle':
      return points.length < 3 ? 'has less than three points' : (canvas, id) => canvas.polygon(points, id)
    case 'rectangle':
      return second ? (canvas, id) => canvas.rectangle(points, id) : 'has less than two points'
    case 'circle': {
      if (!second) return 'has less than two points'
      const radius = Math.hypot(first[0] - second[0], first[1] - second[1])
      if (radius > LARGEST_ELLIPSE) return 'is larger than any image'
      return (canvas, id) => canvas.ellipse(around(first, radius), id)
    }
    case 'line':
    case 'linestrip':
      return second ? (canvas, id) => canvas.line(points, LINE_WIDTH, id) : 'has less than two points'
    case 'point':
    case 'points':
      return (canvas, id) => {
        for (const point of points) canvas.ellipse(around(point, POINT_RADIUS), id)
      }
    case 'mask':
      return readMask(shape.mask, first)
    default:
      return `has the shape ${JSON.stringify(type)}, which is not known here`
  }
}

/** A mask is a PNG in base64, kept so until it is painted. Its first point is its left upper pixel. */
function readMask(mask: unknown, corner: Point): Paint | string {
  if (typeof mask !== 'string') return 'is a mask without pixels'
  try {
    decodeMask(mask)
  } catch (error) {
    if (error instanceof FileFault || error instanceof DOMException) return 'is a mask that is no PNG in base64'
    throw error
  }
  return (canvas, id) => {
    const { size, inside } = decodeMask(mask)
    const channels = inside.length / (size.height * size.width)
    const isInside = (at: number) => inside.subarray(at * channels, (at + 1) * channels).some((value) => value > 0)
    canvas.mask(isInside, size, corner, id)
  }
}

/**
 * What is not zero is inside.
 * @throws DOMException for text that is not base64, FileFault for what is no PNG
 */
function decodeMask(mask: string): { size: Size; inside: Uint8Array | Uint16Array } {
  const { size, values, colors } = decodeLabelPng(Uint8Array.from(atob(mask), (character) => character.charCodeAt(0)))
  return { size, inside: values ?? colors ?? new Uint8Array(size.height * size.width) }
}

/** The corners of a square. */
function around([x, y]: Point, radius: number): [Point, Point] {
  return [
    [x - radius, y - radius],
    [x + radius, y + radius],
  ]
}

function isPoint(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isNumber)
}
