/**
 * Shapes as spans of pixels. A pixel belongs to a shape when its centre does. Coordinates are those of the image:
 * the centre of pixel (0, 0) lies at (0.5, 0.5).
 */
import type { Rectangle, Size } from '../domain/size'

/** A point of an image or of the screen. */
export interface Point {
  x: number
  y: number
}

/** Gets one span: the pixels x0 to x1 - 1 of row `y`. */
export type SpanSink = (y: number, x0: number, x1: number) => void

/** First pixel whose centre lies at or right of `x`. For the right side of a shape, the end of its span. */
function pixelFrom(x: number): number {
  return Math.ceil(x - 0.5)
}

/** Everything that a round brush covers on its way from `a` to `b`: all points at most `radius` from that line. */
export function brushSpans(a: Point, b: Point, radius: number, { height }: Size, sink: SpanSink): void {
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  const normal = length > 0 ? { x: -(b.y - a.y) / length, y: (b.x - a.x) / length } : { x: 0, y: 0 }
  const sides = [-1, 1].map((side) => {
    const shift = { x: side * radius * normal.x, y: side * radius * normal.y }
    return [
      { x: a.x + shift.x, y: a.y + shift.y },
      { x: b.x + shift.x, y: b.y + shift.y },
    ] as const
  })
  const first = Math.max(0, pixelFrom(Math.min(a.y, b.y) - radius))
  const end = Math.min(height, Math.floor(Math.max(a.y, b.y) + radius - 0.5) + 1)
  for (let row = first; row < end; row++) {
    const y = row + 0.5
    // The shape is two discs and the band between them. It is convex, so a row meets it in one span.
    let left = Number.POSITIVE_INFINITY
    let right = Number.NEGATIVE_INFINITY
    const meet = (from: number, to = from) => {
      left = Math.min(left, from)
      right = Math.max(right, to)
    }
    for (const centre of [a, b]) {
      const reach = radius ** 2 - (y - centre.y) ** 2
      if (reach >= 0) meet(centre.x - Math.sqrt(reach), centre.x + Math.sqrt(reach))
    }
    for (const [from, to] of sides) {
      if (from.y === to.y || y < Math.min(from.y, to.y) || y > Math.max(from.y, to.y)) continue
      meet(from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x))
    }
    const x0 = pixelFrom(left)
    const x1 = Math.floor(right - 0.5) + 1
    if (x0 < x1) sink(row, x0, x1)
  }
}

/** A polygon's side, and the rows whose centres it crosses: `first` to `end - 1`. */
interface Edge {
  from: Point
  to: Point
  first: number
  end: number
}

/** A polygon's sides in the order of their first rows, without those that cross no row of the image. */
function edgesByRow(points: readonly Point[], height: number): Edge[] {
  const edges: Edge[] = []
  points.forEach((from, i) => {
    const to = points[(i + 1) % points.length]
    // Half open, so that a corner on the row counts once.
    const first = Math.max(0, pixelFrom(Math.min(from.y, to.y)))
    const end = Math.min(height, pixelFrom(Math.max(from.y, to.y)))
    if (first < end) edges.push({ from, to, first, end })
  })
  return edges.sort((a, b) => a.first - b.first)
}

/**
 * The inside of a polygon by the even-odd rule; its last point joins the first. Each row looks only at the sides that cross it, so a line
 * of many thousand points costs little.
 */
export function polygonSpans(points: readonly Point[], { height }: Size, sink: SpanSink): void {
  const edges = edgesByRow(points, height)
  let crossing: Edge[] = []
  for (let next = 0, row = edges[0]?.first ?? height; row < height; row++) {
    crossing = crossing.filter(({ end }) => end > row)
    while (next < edges.length && edges[next].first === row) crossing.push(edges[next++])
    if (crossing.length === 0 && next === edges.length) return
    const y = row + 0.5
    const places = crossing.map(({ from, to }) => from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x))
    places.sort((a, b) => a - b)
    for (let i = 0; i + 1 < places.length; i += 2) {
      const x0 = pixelFrom(places[i])
      const x1 = pixelFrom(places[i + 1])
      if (x0 < x1) sink(row, x0, x1)
    }
  }
}

/** A row's runs of pixels that may be filled, from left to right: x0, x1, x0, x1 ...; a run ends before its x1. */
export type RowRuns = (y: number) => number[]

/**
 * The pixels connected with (x, y) over their four sides; none when (x, y) may not be filled itself.
 * @param runsOf called once for each row that the flood reaches
 */
export function floodSpans({ x, y }: Point, { height, width }: Size, runsOf: RowRuns, sink: SpanSink): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return
  /** Runs of each row that the flood has reached; a run that was taken has -1 in place of its x0. */
  const rows: number[][] = []
  /** Spans to look at next. */
  const next = [{ row: y, from: x, to: x + 1 }]
  for (let span = next.pop(); span; span = next.pop()) {
    const { row, from, to } = span
    rows[row] ??= runsOf(row)
    const runs = rows[row]
    for (let k = runBehind(runs, from); k < runs.length && runs[k] < to; k += 2) {
      const [x0, x1] = [runs[k], runs[k + 1]]
      if (x0 < 0) continue
      runs[k] = -1
      sink(row, x0, x1)
      if (row > 0) next.push({ row: row - 1, from: x0, to: x1 })
      if (row + 1 < height) next.push({ row: row + 1, from: x0, to: x1 })
    }
  }
}

/** Index of the first of a row's runs that ends right of `x`. */
function runBehind(runs: readonly number[], x: number): number {
  let low = 0
  let high = runs.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (runs[2 * middle + 1] <= x) low = middle + 1
    else high = middle
  }
  return 2 * low
}

/** Every pixel of a rectangle. */
export function rectangleSpans(area: Rectangle, sink: SpanSink): void {
  for (let y = area.y; y < area.y + area.height; y++) sink(y, area.x, area.x + area.width)
}
