/** Windows of images in which something small is to be seen. */
import { IGNORE } from '../../domain/labels'
import type { Rectangle, Size } from '../../domain/size'

/** Side of a window, as a share of the image's short side. */
const WINDOW = 0.5

/**
 * The window of an image with the most pixels of some classes: of several the one in their middle, so that a thing does
 * not stand at the edge. null where there is no such pixel.
 * @param truth H*W class ids
 * @param classes ids of the classes to look for
 */
export function bestWindow(
  truth: Uint8Array,
  { height, width }: Size,
  classes: readonly number[],
): (Rectangle & { pixels: number }) | null {
  const side = Math.max(1, Math.round(WINDOW * Math.min(height, width)))
  const isSought = new Uint8Array(IGNORE + 1)
  for (const id of classes) isSought[id] = 1
  const sums = summedArea(truth, { height, width }, isSought)
  const at = (row: number, column: number) => sums[row * (width + 1) + column] ?? 0
  let pixels = 1
  let best: { x: number; y: number }[] = []
  for (let y = 0; y + side <= height; y++) {
    for (let x = 0; x + side <= width; x++) {
      const found = at(y + side, x + side) - at(y, x + side) - at(y + side, x) + at(y, x)
      if (found < pixels) continue
      if (found > pixels) best = []
      pixels = found
      best.push({ x, y })
    }
  }
  const y = middle(best.map((window) => window.y))
  const x = middle(best.filter((window) => window.y === y).map((window) => window.x))
  return x === undefined || y === undefined ? null : { x, y, width: side, height: side, pixels }
}

/** @param values ascending */
function middle(values: readonly number[]): number | undefined {
  return values[Math.floor(values.length / 2)]
}

/** (H+1)*(W+1): how many sought pixels lie above and left. */
function summedArea(ids: Uint8Array, { height, width }: Size, isSought: Uint8Array): Uint32Array {
  const sums = new Uint32Array((height + 1) * (width + 1))
  for (let row = 0; row < height; row++) {
    let inRow = 0
    for (let column = 0; column < width; column++) {
      inRow += isSought[ids[row * width + column] ?? IGNORE] ?? 0
      sums[(row + 1) * (width + 1) + column + 1] = inRow + (sums[row * (width + 1) + column + 1] ?? 0)
    }
  }
  return sums
}

/** The part of H*W values that lies in a window. */
export function cropped(values: Uint8Array, width: number, window: Rectangle): Uint8Array {
  const out = new Uint8Array(window.width * window.height)
  for (let row = 0; row < window.height; row++) {
    const from = (window.y + row) * width + window.x
    out.set(values.subarray(from, from + window.width), row * window.width)
  }
  return out
}
