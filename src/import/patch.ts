import type { Size } from '../domain/size'

/** Side of the raster in which patches are looked for. */
const SIDE = 256
/** A square is at least this wide, so that a lamp post is seen before its street. */
const LEAST_SIDE = 64
/** Room around the patch, as a share of its longer side. */
const MARGIN = 0.3

/**
 * The square, within the image, around the largest patch of a class: pixels that hang together by their sides.
 * @param classIds H*W
 * @returns its upper left pixel and its side; null when no pixel has the class
 */
export function squareAround(
  classIds: Uint8Array,
  { height, width }: Size,
  classId: number,
): { x: number; y: number; side: number } | null {
  const step = Math.max(1, Math.max(height, width) / SIDE)
  const small = { height: Math.max(1, Math.floor(height / step)), width: Math.max(1, Math.floor(width / step)) }
  const isOf = new Uint8Array(small.height * small.width)
  // A cell has the class when any of its pixels has: what is thin does not fall to pieces.
  for (let i = 0; i < height * width; i++) {
    if (classIds[i] !== classId) continue
    const row = Math.min(small.height - 1, Math.floor(Math.floor(i / width) / step))
    isOf[row * small.width + Math.min(small.width - 1, Math.floor((i % width) / step))] = 1
  }
  const patch = largestPatch(isOf, small)
  if (!patch) return null
  const across = Math.max(patch.right - patch.left, patch.bottom - patch.top) + 1
  const side = Math.min(height, width, Math.max(LEAST_SIDE, Math.round(across * step * (1 + MARGIN))))
  const start = (from: number, to: number, length: number) =>
    Math.round(Math.min(length - side, Math.max(0, ((from + to + 1) * step - side) / 2)))
  return { x: start(patch.left, patch.right, width), y: start(patch.top, patch.bottom, height), side }
}

interface Patch {
  left: number
  right: number
  top: number
  bottom: number
  cells: number
}

/** Empties `isOf` on its way. */
function largestPatch(isOf: Uint8Array, { height, width }: Size): Patch | null {
  let largest: Patch | null = null
  for (let start = 0; start < isOf.length; start++) {
    if (isOf[start] === 0) continue
    const patch: Patch = { left: width, right: 0, top: height, bottom: 0, cells: 0 }
    const open = [start]
    isOf[start] = 0
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      const row = Math.floor(cell / width)
      const column = cell % width
      patch.cells++
      patch.left = Math.min(patch.left, column)
      patch.right = Math.max(patch.right, column)
      patch.top = Math.min(patch.top, row)
      patch.bottom = Math.max(patch.bottom, row)
      const beside = [
        row > 0 ? cell - width : -1,
        row < height - 1 ? cell + width : -1,
        column > 0 ? cell - 1 : -1,
        column < width - 1 ? cell + 1 : -1,
      ]
      for (const next of beside) {
        if (next < 0 || isOf[next] === 0) continue
        isOf[next] = 0
        open.push(next)
      }
    }
    if (!largest || patch.cells > largest.cells) largest = patch
  }
  return largest
}
