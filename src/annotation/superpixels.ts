/**
 * Superpixels by simple linear iterative clustering (Achanta et al., "SLIC Superpixels Compared to State-of-the-art Superpixel
 * Methods", 2012): k-means in colour and position, in which each centre looks only at its surroundings. Then each superpixel is made one
 * connected piece.
 */

import type { Rectangle, Size } from '../domain/size'
import { readRgb } from '../image/image-file'
import { nearestPositions } from '../image/resample'
import { scaledLab } from '../math/cielab'
import { lowerBound } from '../math/lower-bound'
import type { SpanSink } from './shapes'

export interface Superpixels {
  /** Size of the copy of the image that was divided. */
  size: Size
  /** H*W ids, 0..count-1, in the order of their first pixels. */
  ids: Int32Array<ArrayBuffer>
  count: number
}

/** The paper's m = 10 in CIELAB units; ours are a hundredth. */
const COMPACTNESS = 0.1
const ITERATIONS = 8
/** A piece smaller than this share of side * side joins a neighbour. */
const SMALLEST = 0.25

interface Centres {
  count: number
  /** Three colour axes, x and y of each centre. */
  values: Float64Array
}

const AXES = 5

/** Divides a bitmap, and closes it, into superpixels of about `side` * `side` pixels. */
export function superpixelsOfBitmap(bitmap: ImageBitmap, side: number): Superpixels {
  const size = { height: bitmap.height, width: bitmap.width }
  const rgb = readRgb(bitmap, size)
  bitmap.close()
  return superpixels(rgb, size, side)
}

/**
 * Divides an image into superpixels of about `side` * `side` pixels.
 * @param rgb H*W*3 sRGB
 */
export function superpixels(rgb: Uint8Array, size: Size, side: number): Superpixels {
  const lab = scaledLab(rgb)
  const centres = gridCentres(lab, size, side)
  const ids = new Int32Array(size.height * size.width)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    assign(lab, size, centres, side, ids)
    recentre(lab, size, centres, ids)
  }
  return onePieceEach(ids, size, SMALLEST * side * side)
}

/** Centres on a grid, each moved to the smoothest of its nine pixels, away from edges. */
function gridCentres(lab: Float32Array, size: Size, side: number): Centres {
  const rows = Math.max(1, Math.round(size.height / side))
  const columns = Math.max(1, Math.round(size.width / side))
  const values = new Float64Array(rows * columns * AXES)
  let centre = 0
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const x = Math.floor(((c + 0.5) * size.width) / columns)
      const y = Math.floor(((r + 0.5) * size.height) / rows)
      const index = smoothestNear(lab, size, x, y)
      values.set([lab[3 * index], lab[3 * index + 1], lab[3 * index + 2], index % size.width], AXES * centre)
      values[AXES * centre + 4] = Math.floor(index / size.width)
      centre++
    }
  }
  return { count: centre, values }
}

function smoothestNear(lab: Float32Array, size: Size, x: number, y: number): number {
  let best = y * size.width + x
  let least = Number.POSITIVE_INFINITY
  for (let row = Math.max(1, y - 1); row <= Math.min(size.height - 2, y + 1); row++) {
    for (let column = Math.max(1, x - 1); column <= Math.min(size.width - 2, x + 1); column++) {
      const index = row * size.width + column
      const slope = squaredStep(lab, index - 1, index + 1) + squaredStep(lab, index - size.width, index + size.width)
      if (slope < least) [least, best] = [slope, index]
    }
  }
  return best
}

function squaredStep(lab: Float32Array, from: number, to: number): number {
  let sum = 0
  for (let axis = 0; axis < 3; axis++) sum += (lab[3 * to + axis] - lab[3 * from + axis]) ** 2
  return sum
}

/** Gives each pixel the nearest centre among those less than `side` away in x and y. */
function assign(lab: Float32Array, { height, width }: Size, centres: Centres, side: number, ids: Int32Array): void {
  const nearest = new Float32Array(height * width).fill(Number.POSITIVE_INFINITY)
  const placeWeight = (COMPACTNESS / side) ** 2
  for (let centre = 0; centre < centres.count; centre++) {
    const [l, a, b, x, y] = centres.values.subarray(AXES * centre, AXES * centre + AXES)
    const top = Math.max(0, Math.ceil(y - side))
    const bottom = Math.min(height - 1, Math.floor(y + side))
    const left = Math.max(0, Math.ceil(x - side))
    const right = Math.min(width - 1, Math.floor(x + side))
    for (let row = top; row <= bottom; row++) {
      const rowDistance = placeWeight * (row - y) ** 2
      for (let column = left, i = row * width + left; column <= right; column++, i++) {
        const dl = lab[3 * i] - l
        const da = lab[3 * i + 1] - a
        const db = lab[3 * i + 2] - b
        const dx = column - x
        const distance = dl * dl + da * da + db * db + placeWeight * dx * dx + rowDistance
        if (distance < nearest[i]) {
          nearest[i] = distance
          ids[i] = centre
        }
      }
    }
  }
}

/** Moves each centre to the mean of its pixels; one without any stays. */
function recentre(lab: Float32Array, { height, width }: Size, centres: Centres, ids: Int32Array): void {
  const sums = new Float64Array(centres.values.length)
  const counts = new Float64Array(centres.count)
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const at = AXES * ids[i]
      sums[at] += lab[3 * i]
      sums[at + 1] += lab[3 * i + 1]
      sums[at + 2] += lab[3 * i + 2]
      sums[at + 3] += column
      sums[at + 4] += row
      counts[ids[i]]++
    }
  }
  for (let centre = 0; centre < centres.count; centre++) {
    if (counts[centre] === 0) continue
    for (let axis = 0; axis < AXES; axis++) {
      centres.values[AXES * centre + axis] = sums[AXES * centre + axis] / counts[centre]
    }
  }
}

/** Numbers connected pieces; those under `smallest` pixels join the piece left of, or above, their first pixel. */
function onePieceEach(clusters: Int32Array, size: Size, smallest: number): Superpixels {
  const { height, width } = size
  const ids = new Int32Array(height * width).fill(-1)
  const piece = new Int32Array(height * width)
  let count = 0
  for (let first = 0; first < ids.length; first++) {
    if (ids[first] >= 0) continue
    const pixels = gather(clusters, ids, size, first, count, piece)
    const neighbour = first % width > 0 ? ids[first - 1] : first >= width ? ids[first - width] : -1
    if (pixels < smallest && neighbour >= 0) for (let k = 0; k < pixels; k++) ids[piece[k]] = neighbour
    else count++
  }
  return { size, ids, count }
}

/** Marks the pixels of a cluster that are connected with `first`, lists them in `piece`, and returns their number. */
function gather(
  clusters: Int32Array,
  ids: Int32Array,
  { width }: Size,
  first: number,
  id: number,
  piece: Int32Array,
): number {
  piece[0] = first
  ids[first] = id
  let found = 1
  const visit = (from: number, to: number) => {
    if (ids[to] >= 0 || clusters[to] !== clusters[from]) return
    ids[to] = id
    piece[found++] = to
  }
  for (let k = 0; k < found; k++) {
    const pixel = piece[k]
    const column = pixel % width
    if (column > 0) visit(pixel, pixel - 1)
    if (column < width - 1) visit(pixel, pixel + 1)
    if (pixel >= width) visit(pixel, pixel - width)
    if (pixel + width < ids.length) visit(pixel, pixel + width)
  }
  return found
}

/** Looks up and paints, at an image's own size, the superpixels of a smaller copy of it. */
export class SuperpixelMap {
  readonly count: number
  readonly #superpixels: Superpixels
  /** Column and row of the copy for each of the image's. */
  readonly #columns: Int32Array
  readonly #rows: Int32Array
  /** First and last column and row of each superpixel in the copy. */
  readonly #bounds: Int32Array

  constructor(superpixels: Superpixels, image: Size) {
    const { size, ids, count } = superpixels
    this.count = count
    this.#superpixels = superpixels
    this.#columns = nearestPositions(size.width, image.width)
    this.#rows = nearestPositions(size.height, image.height)
    this.#bounds = boundsOf(ids, size, count)
  }

  /** Id of the superpixel at a pixel of the image. */
  at(x: number, y: number): number {
    const { ids, size } = this.#superpixels
    return ids[this.#rows[y] * size.width + this.#columns[x]]
  }

  /** The image's pixels of one superpixel. */
  spans(id: number, sink: SpanSink): void {
    const area = this.area(id)
    for (let y = area.y; y < area.y + area.height; y++) {
      let start = -1
      for (let x = area.x; x <= area.x + area.width; x++) {
        const belongs = x < area.x + area.width && this.at(x, y) === id
        if (belongs && start < 0) start = x
        if (belongs || start < 0) continue
        sink(y, start, x)
        start = -1
      }
    }
  }

  /** The smallest rectangle of the image around a superpixel. */
  area(id: number): Rectangle {
    const [left, right, top, bottom] = this.#bounds.subarray(4 * id, 4 * id + 4)
    const x = lowerBound(this.#columns, left)
    const y = lowerBound(this.#rows, top)
    const width = lowerBound(this.#columns, right + 1) - x
    return { x, y, width, height: lowerBound(this.#rows, bottom + 1) - y }
  }
}

function boundsOf(ids: Int32Array, { height, width }: Size, count: number): Int32Array {
  const bounds = new Int32Array(4 * count)
  for (let id = 0; id < count; id++) bounds.set([width, -1, height, -1], 4 * id)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const at = 4 * ids[i]
      if (x < bounds[at]) bounds[at] = x
      if (x > bounds[at + 1]) bounds[at + 1] = x
      if (y < bounds[at + 2]) bounds[at + 2] = y
      if (y > bounds[at + 3]) bounds[at + 3] = y
    }
  }
  return bounds
}
