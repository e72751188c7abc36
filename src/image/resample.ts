/** Resizing rasters: area average for images, nearest for labels. Deterministic on every browser. */
import type { Size } from '../domain/size'

/** The source samples that make up one target sample: `weights` from sample `first` on, sum 1. */
interface Taps {
  first: number
  weights: Float64Array
}

/**
 * Weights along one axis, half-pixel centres: the exact share each source sample has in the target's box when
 * shrinking, linear interpolation when enlarging.
 */
function axisTaps(from: number, to: number): Taps[] {
  const scale = from / to
  return Array.from({ length: to }, (_, i) =>
    scale >= 1 ? boxTaps(i * scale, (i + 1) * scale, from) : linearTaps((i + 0.5) * scale - 0.5, from),
  )
}

function boxTaps(start: number, end: number, from: number): Taps {
  const first = Math.floor(start)
  const last = Math.min(Math.ceil(end), from)
  const weights = new Float64Array(Math.max(last - first, 1))
  for (let k = 0; k < weights.length; k++) {
    weights[k] = (Math.min(end, first + k + 1) - Math.max(start, first + k)) / (end - start)
  }
  return { first, weights }
}

function linearTaps(position: number, from: number): Taps {
  const clamped = Math.min(Math.max(position, 0), from - 1)
  const first = Math.min(Math.floor(clamped), Math.max(from - 2, 0))
  const fraction = clamped - first
  return { first, weights: from === 1 ? Float64Array.of(1) : Float64Array.of(1 - fraction, fraction) }
}

/** RGBA (or, with 3 channels, RGB) bytes of size `from` to RGB bytes of size `to`; alpha is dropped. */
export function areaAverage(
  pixels: Uint8Array | Uint8ClampedArray,
  from: Size,
  to: Size,
  channels: 3 | 4 = 4,
): Uint8Array {
  const rows = axisTaps(from.height, to.height)
  const columns = axisTaps(from.width, to.width)
  const out = new Uint8Array(to.height * to.width * 3)
  const line = new Float64Array(from.width * 3)
  rows.forEach(({ first, weights }, row) => {
    line.fill(0)
    for (let k = 0; k < weights.length; k++)
      addRow(line, pixels, (first + k) * from.width * channels, channels, weights[k])
    averageColumns(line, columns, out, row * to.width * 3)
  })
  return out
}

function addRow(
  line: Float64Array,
  pixels: Uint8Array | Uint8ClampedArray,
  offset: number,
  channels: number,
  weight: number,
): void {
  for (let i = 0, j = offset; i < line.length; i += 3, j += channels) {
    line[i] += weight * pixels[j]
    line[i + 1] += weight * pixels[j + 1]
    line[i + 2] += weight * pixels[j + 2]
  }
}

function averageColumns(line: Float64Array, columns: Taps[], out: Uint8Array, offset: number): void {
  let o = offset
  for (const { first, weights } of columns) {
    let red = 0
    let green = 0
    let blue = 0
    for (let k = 0, i = first * 3; k < weights.length; k++, i += 3) {
      red += weights[k] * line[i]
      green += weights[k] * line[i + 1]
      blue += weights[k] * line[i + 2]
    }
    // Rounded half up; the small bias keeps sums such as 127.49999999 for 127.5 from rounding down.
    out[o++] = red + 0.5 + 1e-9
    out[o++] = green + 0.5 + 1e-9
    out[o++] = blue + 0.5 + 1e-9
  }
}

/** Nearest sample, half-pixel centres: target i takes source floor((i + 0.5) * from / to). */
export function nearestResize(values: Uint8Array, from: Size, to: Size): Uint8Array {
  if (from.height === to.height && from.width === to.width) return values
  const out = new Uint8Array(to.height * to.width)
  const columns = Int32Array.from({ length: to.width }, (_, c) => Math.floor(((c + 0.5) * from.width) / to.width))
  for (let row = 0, i = 0; row < to.height; row++) {
    const offset = Math.floor(((row + 0.5) * from.height) / to.height) * from.width
    for (let column = 0; column < to.width; column++) out[i++] = values[offset + columns[column]]
  }
  return out
}

/** For each of `to` positions along one axis, the nearest of `from` (pixel centres aligned). */
export function nearestPositions(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to }, (_, i) => Math.floor(((i + 0.5) * from) / to))
}
