/** Windows at every quarter of their side: where methods that look at the whole pool search an image. */
import type { Size } from '../domain/size'
import { integralImage } from './region-selection'

export interface WindowGrid {
  side: number
  /** Top rows and left columns of the windows, rising; empty where no window fits. */
  ys: readonly number[]
  xs: readonly number[]
}

/** The last windows end at the image's edges, however far those are from the ones before. */
export function windowGrid({ height, width }: Size, side: number): WindowGrid {
  return { side, ys: positions(height, side), xs: positions(width, side) }
}

/** Distance between neighbouring windows, pixels. */
export function windowStride(side: number): number {
  return Math.max(1, Math.round(side / 4))
}

function positions(length: number, side: number): number[] {
  const last = length - side
  if (last < 0) return []
  const stride = windowStride(side)
  return [...Array.from({ length: Math.ceil(last / stride) }, (_, i) => i * stride), last]
}

/** Pixels of every window that nobody labelled, row-major. */
export function unlabelledPixels(labelled: Uint8Array, size: Size, { side, ys, xs }: WindowGrid): Uint32Array {
  const sums = integralImage(labelled, size)
  const at = (y: number, x: number) => sums[y * (size.width + 1) + x]
  return Uint32Array.from({ length: ys.length * xs.length }, (_, i) => {
    const [y, x] = [ys[Math.floor(i / xs.length)], xs[i % xs.length]]
    return side * side - (at(y + side, x + side) - at(y + side, x) - at(y, x + side) + at(y, x))
  })
}

/**
 * Windows that do not overlap, best first: again and again the best that overlaps none before it (ties: lowest index).
 * @param scores one a window; -Infinity where it must not be taken
 * @param most how many are wanted
 * @returns indices into the grid, row-major
 */
export function disjointWindows(scores: ArrayLike<number>, grid: WindowGrid, most: number): number[] {
  const { side, ys, xs } = grid
  const left = Float64Array.from(scores)
  const taken: number[] = []
  while (taken.length < most) {
    let best = -1
    for (let i = 0; i < left.length; i++) {
      if (left[i] > Number.NEGATIVE_INFINITY && (best < 0 || left[i] > left[best])) best = i
    }
    if (best < 0) break
    taken.push(best)
    const [y, x] = [ys[Math.floor(best / xs.length)], xs[best % xs.length]]
    for (let r = 0; r < ys.length; r++) {
      if (Math.abs(ys[r] - y) >= side) continue
      for (let c = 0; c < xs.length; c++) {
        if (Math.abs(xs[c] - x) < side) left[r * xs.length + c] = Number.NEGATIVE_INFINITY
      }
    }
  }
  return taken
}

/**
 * Scores of windows as a map: a pixel has that of the window around it, read between the centres of neighbouring
 * windows; beyond the outermost ones it has theirs.
 * @param scores one a window, row-major; at least one
 * @returns H*W
 */
export function windowScoreMap(scores: ArrayLike<number>, { side, ys, xs }: WindowGrid, size: Size): Float32Array {
  const rows = placesBetween(ys, side, size.height)
  const columns = placesBetween(xs, side, size.width)
  const map = new Float32Array(size.height * size.width)
  let i = 0
  for (const [r, down] of rows) {
    const [top, bottom] = [r * xs.length, Math.min(r + 1, ys.length - 1) * xs.length]
    for (const [c, right] of columns) {
      const next = Math.min(c + 1, xs.length - 1)
      const above = (1 - right) * scores[top + c] + right * scores[top + next]
      const below = (1 - right) * scores[bottom + c] + right * scores[bottom + next]
      map[i++] = (1 - down) * above + down * below
    }
  }
  return map
}

/** For every pixel of an axis: the window whose centre is the last before it, and how far it is on to the next one, 0..1. */
function placesBetween(starts: readonly number[], side: number, length: number): [number, number][] {
  const offset = side >> 1
  let window = 0
  return Array.from({ length }, (_, pixel) => {
    const position = Math.min(Math.max(pixel - offset, 0), starts[starts.length - 1])
    while (window + 1 < starts.length && starts[window + 1] <= position) window++
    const gap = (starts[window + 1] ?? Number.POSITIVE_INFINITY) - starts[window]
    return [window, (position - starts[window]) / gap]
  })
}
