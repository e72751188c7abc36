/**
 * What the tools cover, as spans of pixels. A pixel belongs to a shape when its centre does. Coordinates are those of the image:
 * the centre of pixel (0, 0) lies at (0.5, 0.5).
 */
import type { Size } from '../cpral/config'

export interface Point {
  x: number
  y: number
}

/** Takes the pixels x0 to x1 - 1 of row `y`. */
export type SpanSink = (y: number, x0: number, x1: number) => void

/** First pixel whose centre lies at or right of `x`; the end of a span when `x` is its right side. */
function pixelFrom(x: number): number {
  return Math.ceil(x - 0.5)
}

/** All points no farther than `radius` from the way from `a` to `b`: what a round brush covers between two events. */
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
    // The shape is convex: a row meets it between the outermost of the two discs and the two sides between them.
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

/** A polygon's sides in the order of their first rows; those that cross no row of the image are left out. */
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
 * The inside of a closed polygon by the even-odd rule; the last point joins the first. Each row looks only at the sides that cross
 * it, so a way of many thousand points costs little.
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

/**
 * The pixels that hang together with (x, y) over their four sides in a mask; none when it is 0 there.
 * @param mask H*W, 1 where pixels belong; what is covered becomes 0
 */
export function floodSpans({ x, y }: Point, mask: Uint8Array, { height, width }: Size, sink: SpanSink): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return
  const seeds: number[] = [y * width + x]
  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    if (mask[seed] === 0) continue
    const row = Math.floor(seed / width)
    const rowStart = row * width
    let start = seed
    let end = seed + 1
    while (start > rowStart && mask[start - 1] === 1) start--
    while (end < rowStart + width && mask[end] === 1) end++
    mask.fill(0, start, end)
    sink(row, start - rowStart, end - rowStart)
    if (row > 0) addSeeds(seeds, mask, start - width, end - width)
    if (row + 1 < height) addSeeds(seeds, mask, start + width, end + width)
  }
}

/** The first pixel of each run that the mask has from `start` to `end - 1`. */
function addSeeds(seeds: number[], mask: Uint8Array, start: number, end: number): void {
  let before = 0
  for (let i = start; i < end; i++) {
    if (mask[i] === 1 && before === 0) seeds.push(i)
    before = mask[i]
  }
}

/** Every pixel of a rectangle. */
export function rectangleSpans(area: { x: number; y: number; width: number; height: number }, sink: SpanSink): void {
  for (let y = area.y; y < area.y + area.height; y++) sink(y, area.x, area.x + area.width)
}
