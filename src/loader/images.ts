/** Images as the network sees them, and the paper's augmentation: flip and Gaussian blur (its Implementation details). */
import type { Size } from '../domain/size'
import { IMAGENET } from '../domain/weights'

/** H*W*3 floats of `rgb` bytes, normalised, into `target` at `offset`. */
export function normalizeInto(target: Float32Array, offset: number, rgb: ArrayLike<number>): void {
  // One kind of array, so that the loop is compiled for it.
  const values = rgb instanceof Float32Array ? rgb : new Float32Array(rgb)
  for (let c = 0; c < 3; c++) {
    const scale = 1 / (255 * (IMAGENET.deviation[c] as number))
    const shift = (IMAGENET.mean[c] as number) / (IMAGENET.deviation[c] as number)
    for (let i = c; i < values.length; i += 3) target[offset + i] = (values[i] as number) * scale - shift
  }
}

/**
 * Flips, then blurs each channel with a Gaussian of `sigma` pixels (0 = none), edges repeated. Bytes in, floats 0..255
 * out.
 */
export function augmentImage(
  rgb: Uint8Array,
  size: Size,
  isFlipped: boolean,
  sigma: number,
): Uint8Array | Float32Array {
  const flipped = isFlipped ? flipImage(rgb, size) : rgb
  const radius = Math.ceil(3 * sigma)
  if (radius === 0 || sigma < 0.1) return flipped
  const kernel = Array.from({ length: radius + 1 }, (_, d) => Math.exp((-d * d) / (2 * sigma * sigma)))
  const total = 2 * kernel.reduce((sum, value) => sum + value, 0) - 1
  const weights = kernel.map((value) => value / total)
  return blurColumns(blurRows(new Float32Array(flipped), size, weights), size, weights)
}

function flipImage(rgb: Uint8Array, { height, width }: Size): Uint8Array {
  const flipped = new Uint8Array(rgb.length)
  for (let y = 0; y < height; y++) {
    let target = 3 * y * width
    for (let source = target + 3 * (width - 1); source >= 3 * y * width; source -= 3, target += 3) {
      flipped[target] = rgb[source] as number
      flipped[target + 1] = rgb[source + 1] as number
      flipped[target + 2] = rgb[source + 2] as number
    }
  }
  return flipped
}

/** Blurs along x. `weights[d]` is the weight of the pixels at distance d on both sides. */
function blurRows(source: Float32Array, { height, width }: Size, weights: number[]): Float32Array {
  const blurred = new Float32Array(source.length)
  const reach = 3 * (weights.length - 1)
  const last = 3 * (width - 1)
  for (let y = 0; y < height; y++) {
    const row = 3 * y * width
    for (let i = 0; i < 3 * width; i++) {
      const c = i % 3
      const isInside = i >= reach && i + reach < 3 * width
      let sum = (weights[0] as number) * (source[row + i] as number)
      for (let d = 1; d < weights.length; d++) {
        const before = isInside ? i - 3 * d : Math.max(0, i - c - 3 * d) + c
        const after = isInside ? i + 3 * d : Math.min(last, i - c + 3 * d) + c
        sum += (weights[d] as number) * ((source[row + before] as number) + (source[row + after] as number))
      }
      blurred[row + i] = sum
    }
  }
  return blurred
}

/** Blurs along y, row by row, so that memory is read in order. */
function blurColumns(source: Float32Array, { height, width }: Size, weights: number[]): Float32Array {
  const blurred = new Float32Array(source.length)
  const length = 3 * width
  // A row is summed in float64 and rounded once.
  const sums = new Float64Array(length)
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < length; i++) sums[i] = (weights[0] as number) * (source[y * length + i] as number)
    for (let d = 1; d < weights.length; d++) {
      const weight = weights[d] as number
      const before = Math.max(0, y - d) * length
      const after = Math.min(height - 1, y + d) * length
      for (let i = 0; i < length; i++) {
        sums[i] = (sums[i] as number) + weight * ((source[before + i] as number) + (source[after + i] as number))
      }
    }
    blurred.set(sums, y * length)
  }
  return blurred
}
