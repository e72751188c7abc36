/** Class ids that are painted row by row: the pixels that Pillow's ImageDraw fills, coordinates cut to whole numbers. */
import { IGNORE } from '../../domain/labels'
import type { Size } from '../../domain/size'

export type Point = readonly [x: number, y: number]

interface Edge {
  x: number
  y: number
  slope: number
  left: number
  right: number
  top: number
  bottom: number
}

/** Larger ones are no shape of an image. Pixels. */
export const LARGEST_ELLIPSE = 100_000

export class RowCanvas {
  readonly ids: Uint8Array

  constructor(private readonly size: Size) {
    this.ids = new Uint8Array(size.height * size.width).fill(IGNORE)
  }

  /** Pixels `left` to `right`, both inside. */
  private row(left: number, right: number, y: number, id: number): void {
    const { height, width } = this.size
    if (y < 0 || y >= height || right < 0 || left >= width || left > right) return
    this.ids.fill(id, y * width + Math.max(left, 0), y * width + Math.min(right, width - 1) + 1)
  }

  polygon(points: readonly Point[], id: number): void {
    const whole = points.map(wholePoint)
    this.fill(
      whole.map((point, i) => edgeOf(point, whole[(i + 1) % whole.length])),
      id,
    )
  }

  /** Both corners are inside. */
  rectangle([a, b]: readonly Point[], id: number): void {
    const [[x1, y1], [x2, y2]] = [wholePoint(a), wholePoint(b)]
    const bottom = Math.min(Math.max(y1, y2), this.size.height - 1)
    for (let y = Math.max(Math.min(y1, y2), 0); y <= bottom; y++) this.row(Math.min(x1, x2), Math.max(x1, x2), y, id)
  }

  /** The ellipse that touches the sides of the rectangle of two corners, which are inside it. */
  ellipse([a, b]: readonly Point[], id: number): void {
    const [[left, top], [right, bottom]] = [wholePoint(a), wholePoint(b)]
    const [width, height] = [right - left, bottom - top]
    // In half pixels from the centre; a step goes to the nearest to the curve of three neighbours.
    const [w2, h2] = [width * width, height * height]
    const distance = (x: number, y: number) => Math.abs(w2 * y * y + h2 * x * x - w2 * h2)
    let [x, y, last] = [width, height % 2, -1]
    while (x >= 0 && y <= height) {
      if (y !== last) {
        for (const row of [(height - y) / 2, (height + y) / 2]) {
          this.row(left + (width - x) / 2, left + (width + x) / 2, top + row, id)
        }
        last = y
      }
      if (x === width % 2 && y === height) return
      const isAcross = x > 1
      const below = distance(x, y + 2)
      const slanted = isAcross ? distance(x - 2, y + 2) : Number.POSITIVE_INFINITY
      const beside = isAcross ? distance(x - 2, y) : Number.POSITIVE_INFINITY
      if (below > slanted || below > beside) x -= 2
      if (beside >= Math.min(below, slanted)) y += 2
    }
  }

  /** Lines from point to point. @param width pixels, more than 1 */
  line(points: readonly Point[], width: number, id: number): void {
    for (let i = 1; i < points.length; i++) this.wideLine(wholePoint(points[i - 1]), wholePoint(points[i]), width, id)
  }

  private wideLine([x1, y1]: Point, [x2, y2]: Point, width: number, id: number): void {
    const [across, down] = [x2 - x1, y2 - y1]
    if (across === 0 && down === 0) {
      this.row(x1, x1, y1, id)
      return
    }
    const half = (width - 1) / 2
    const [more, less] = [halfAway(half), halfNear(half)].map((side) => side / Math.hypot(across, down))
    const [leftX, rightX] = [halfNear(less * down), halfNear(more * down)]
    const [topY, bottomY] = [halfAway(less * across), halfAway(more * across)]
    this.polygon(
      [
        [x1 - leftX, y1 + bottomY],
        [x2 - leftX, y2 + bottomY],
        [x2 + rightX, y2 - topY],
        [x1 + rightX, y1 - topY],
      ],
      id,
    )
  }

  /**
   * The pixels of a mask of this size whose left upper one is at `corner`.
   * @param isInside by a pixel's number, row by row
   */
  mask(isInside: (at: number) => boolean, { height, width }: Size, corner: Point, id: number): void {
    const [left, top] = wholePoint(corner)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) if (isInside(y * width + x)) this.row(left + x, left + x, top + y, id)
    }
  }

  /** Rows between each two crossings, which are inside; level edges as a whole. */
  private fill(edges: readonly Edge[], id: number): void {
    const lowest = Math.min(Math.max(...edges.map(({ bottom }) => bottom)), this.size.height)
    const highest = Math.max(Math.min(...edges.map(({ top }) => top)), 0)
    for (const { left, right, top, bottom } of edges) if (top === bottom) this.row(left, right, top, id)
    const steep = edges.filter(({ top, bottom }) => top !== bottom)
    for (let y = highest; y <= lowest; y++) {
      const crossings = crossingsOf(steep, y, lowest)
      let next = 0
      for (let i = 1; i < crossings.length; i += 2) {
        const end = halfNear(crossings[i])
        const start = Math.max(halfAway(crossings[i - 1]), next)
        if (end < next) continue
        // Of crossings at one half both neighbours are inside.
        this.row(Math.min(start, end), Math.max(start, end), y, id)
        next = end + 1
      }
    }
  }
}

/** Where the edges cross a row, from left to right: every two enclose pixels. */
function crossingsOf(edges: readonly Edge[], y: number, lowest: number): number[] {
  const crossings: number[] = []
  let count = 0
  for (const [i, edge] of edges.entries()) {
    if (y < edge.top || y > edge.bottom) continue
    const at = crossingAt(edge, y)
    crossings[count++] = at
    // An edge that ends in this row is left and entered again, so that the next one may begin.
    if (y === edge.bottom && y < lowest) crossings[count++] = at
    else if (edge.slope !== 0 && Number.isInteger(at)) {
      const other = edges.findIndex((each, k) => k < i && isCorner(edge, each, y, at))
      // Pillow writes to the place of the other edge among all, not among those that cross this row.
      if (other >= 0) crossings[other] = reachOf(edge, edges[other], y, lowest)
    }
  }
  return crossings.slice(0, count).sort((a, b) => a - b)
}

function crossingAt({ x, y: start, slope }: Edge, y: number): number {
  return Math.fround(Math.fround((y - start) * slope) + x)
}

/** Whether two edges that lean to the same side begin, or end, in one point. */
function isCorner(edge: Edge, other: Edge, y: number, x: number): boolean {
  if (edge.slope > 0 ? other.slope <= 0 : other.slope >= 0) return false
  const isShared = (y === edge.top && y === other.top) || (y === edge.bottom && y === other.bottom)
  return isShared && crossingAt(other, y) === x
}

/** How far the row of such a corner reaches, so that it touches the next row. */
function reachOf(edge: Edge, other: Edge, y: number, lowest: number): number {
  const beside = y === lowest ? y - 1 : y + 1
  const [a, b] = [crossingAt(edge, beside), crossingAt(other, beside)]
  if (y === edge.bottom) return Math.fround(edge.slope > 0 ? Math.max(a, b) + 1 : Math.min(a, b) - 1)
  return Math.fround(edge.slope > 0 ? Math.min(a, b) : Math.max(a, b) + 1)
}

function wholePoint([x, y]: Point): Point {
  return [Math.trunc(x), Math.trunc(y)]
}

function edgeOf([x1, y1]: Point, [x2, y2]: Point): Edge {
  return {
    x: x1,
    y: y1,
    slope: y1 === y2 ? 0 : Math.fround((x2 - x1) / (y2 - y1)),
    left: Math.min(x1, x2),
    right: Math.max(x1, x2),
    top: Math.min(y1, y2),
    bottom: Math.max(y1, y2),
  }
}

/** Rounded; halves away from zero. */
function halfAway(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5)
}

/** Rounded; halves towards zero. */
function halfNear(value: number): number {
  return Math.sign(value) * Math.ceil(Math.abs(value) - 0.5)
}
