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
