/**
 * Regional Gaussian Attention (paper Eq. 5): a w x w window that weighs its centre more than its border. The window is
 * rank one, so that EM (x) K is two 1-D filters with the profile below (`kernels/attention`).
 */
import type { SelectionConfig } from '../domain/config'
import type { Method } from './methods'

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

/** Profile of the window under which a method scores regions. */
export function profileOf(
  { attention }: Pick<Method, 'attention'>,
  { regionSide, attentionSigma }: Pick<SelectionConfig, 'regionSide' | 'attentionSigma'>,
): Float32Array {
  return attention === 'gaussian' ? attentionProfile(regionSide, attentionSigma) : uniformProfile(regionSide)
}
