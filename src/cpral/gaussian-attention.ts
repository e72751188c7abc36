/** Regional Gaussian Attention (paper Eq. 5): a w x w window that weighs its centre more than its border. */
import type { Size } from './config'

/** Error function to machine precision: exp(-x^2) times a series of positive terms (Abramowitz & Stegun 7.1.6). */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

const normalCdf = (x: number) => 0.5 * (1 + erf(x / Math.SQRT2))

/**
 * The 1-D profile a of the window K = a a^T. With x = linspace(-sigma, +sigma, w + 1) in standard deviations and
 * g_i = Phi(x_(i+1)) - Phi(x_i), Eq. 5 gives K = w * sqrt(g g^T / sum), which is rank one: a_i = sqrt(w g_i / sum g).
 * sum K^2 = w^2, as of the all-ones window.
 * @param side window side w, pixels
 * @param sigma half-range in standard deviations (paper: 2)
 */
export function attentionProfile(side: number, sigma: number): Float32Array {
  const edge = (i: number) => normalCdf(-sigma + (2 * sigma * i) / side)
  const g = Array.from({ length: side }, (_, i) => edge(i + 1) - edge(i))
  const sum = g.reduce((total, value) => total + value, 0)
  return Float32Array.from(g, (value) => Math.sqrt((side * value) / sum))
}

/** The all-ones window of the same side ("without RGA"). */
export function uniformProfile(side: number): Float32Array {
  return new Float32Array(side).fill(1)
}

/**
 * EM (x) K as two 1-D filters, 2w multiply-adds a pixel. Zero padding; the value at (r, c) is that of the window with rows
 * r - floor(w/2) .. + w - 1, columns alike. Sums are kept in double precision.
 * @param map H*W vote entropy
 * @param a profile of length w, from `attentionProfile` or `uniformProfile`
 */
export function attend(map: Float32Array, size: Size, a: Float32Array): Float32Array {
  const { height, width } = size
  const before = a.length >> 1
  const horizontal = new Float32Array(map.length)
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      const last = Math.min(a.length, width + before - c)
      let sum = 0
      for (let k = Math.max(0, before - c); k < last; k++) sum += a[k] * map[r * width + c - before + k]
      horizontal[r * width + c] = sum
    }
  }
  const output = new Float32Array(map.length)
  const line = new Float64Array(width)
  for (let r = 0; r < height; r++) {
    const last = Math.min(a.length, height + before - r)
    line.fill(0)
    for (let k = Math.max(0, before - r); k < last; k++) {
      const start = (r - before + k) * width
      for (let c = 0; c < width; c++) line[c] += a[k] * horizontal[start + c]
    }
    output.set(line, r * width)
  }
  return output
}
