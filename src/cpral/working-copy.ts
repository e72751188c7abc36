/** The reduced copy of an image that label extension works on: area-averaged colours, nearest labels. */
import { IGNORE } from '../storage/schema'
import { isAnnotated } from './budget'
import type { Size } from './config'

/** Colours and labels at the working size. */
export interface WorkingCopy {
  size: Size
  /** H*W*3 sRGB, 0..255, area-averaged. */
  rgb: Float32Array
  /** H*W class ids of annotated pixels, 255 = void or not annotated. */
  classes: Uint8Array
  /** H*W, 1 where a person or the oracle labelled. */
  annotated: Uint8Array
}

/** Size with its long side scaled, up or down, to `longSide`. */
export function workingSize(size: Size, longSide: number): Size {
  const scale = longSide / Math.max(size.height, size.width)
  const scaled = (length: number) => Math.max(1, Math.round(length * scale))
  return { height: scaled(size.height), width: scaled(size.width) }
}

/** For each of `to` positions, the nearest of `from` positions (pixel centres aligned). */
export function nearestIndices(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to }, (_, i) => Math.min(from - 1, Math.floor(((i + 0.5) * from) / to)))
}

/** The source positions first..first+weights.length-1 that one target position covers, with weights that sum to 1. */
interface Coverage {
  first: number
  weights: number[]
}

function areaCoverage(from: number, to: number): Coverage[] {
  const scale = from / to
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * scale, Math.min(from, (i + 1) * scale)]
    const first = Math.floor(start)
    const count = Math.max(1, Math.ceil(end - 1e-9) - first)
    const weights = Array.from(
      { length: count },
      (_, k) => (Math.min(end, first + k + 1) - Math.max(start, first + k)) / (end - start),
    )
    return { first, weights }
  })
}

/** Area-averaging resize of an H*W*3 raster, up or down. */
export function resizeArea(rgb: ArrayLike<number>, from: Size, to: Size): Float32Array {
  const columns = areaCoverage(from.width, to.width)
  const narrowed = new Float32Array(from.height * to.width * 3)
  for (let r = 0; r < from.height; r++) {
    for (let c = 0; c < to.width; c++) {
      const { first, weights } = columns[c]
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        for (let k = 0; k < weights.length; k++) sum += weights[k] * rgb[(r * from.width + first + k) * 3 + channel]
        narrowed[(r * to.width + c) * 3 + channel] = sum
      }
    }
  }
  const rows = areaCoverage(from.height, to.height)
  const output = new Float32Array(to.height * to.width * 3)
  const line = to.width * 3
  for (let r = 0; r < to.height; r++) {
    const { first, weights } = rows[r]
    for (let i = 0; i < line; i++) {
      let sum = 0
      for (let k = 0; k < weights.length; k++) sum += weights[k] * narrowed[(first + k) * line + i]
      output[r * line + i] = sum
    }
  }
  return output
}

export function workingCopy(
  image: { rgb: Uint8Array | Uint8ClampedArray; classes: Uint8Array; provenance: Uint8Array; size: Size },
  longSide: number,
): WorkingCopy {
  const size = workingSize(image.size, longSide)
  const rows = nearestIndices(image.size.height, size.height)
  const columns = nearestIndices(image.size.width, size.width)
  const classes = new Uint8Array(size.height * size.width).fill(IGNORE)
  const annotated = new Uint8Array(size.height * size.width)
  for (let r = 0; r < size.height; r++) {
    for (let c = 0; c < size.width; c++) {
      const source = rows[r] * image.size.width + columns[c]
      if (!isAnnotated(image.provenance[source])) continue
      annotated[r * size.width + c] = 1
      classes[r * size.width + c] = image.classes[source]
    }
  }
  return { size, rgb: resizeArea(image.rgb, image.size, size), classes, annotated }
}
