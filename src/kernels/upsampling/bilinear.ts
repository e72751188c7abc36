/** One output coordinate of a bilinear resize along one axis: `(1 - weight) * input[low] + weight * input[high]`. */
export interface BilinearTap {
  low: number
  high: number
  /** Weight of `high`, 0..1. */
  weight: number
}

/** Taps of an align-corners resize from `input` to `output` samples: sample i lies at i * (input - 1) / (output - 1). */
export function bilinearTaps(input: number, output: number): BilinearTap[] {
  return Array.from({ length: output }, (_, i) => {
    const position = output > 1 ? (i * (input - 1)) / (output - 1) : 0
    const low = Math.min(Math.floor(position), input - 1)
    return { low, high: Math.min(low + 1, input - 1), weight: position - low }
  })
}

/**
 * Writes the C logits of one upsampled pixel into `into`.
 * @param logits rows x columns x C, row-major; `offset` is where the image starts.
 */
export function samplePixel(
  logits: Float32Array,
  offset: number,
  columns: number,
  y: BilinearTap,
  x: BilinearTap,
  into: Float64Array,
): void {
  const C = into.length
  const at = (row: number, column: number, c: number) => logits[offset + (row * columns + column) * C + c]
  for (let c = 0; c < C; c++) {
    const top = at(y.low, x.low, c) * (1 - x.weight) + at(y.low, x.high, c) * x.weight
    const bottom = at(y.high, x.low, c) * (1 - x.weight) + at(y.high, x.high, c) * x.weight
    into[c] = top * (1 - y.weight) + bottom * y.weight
  }
}

/** Replaces logits by their softmax, in place. */
export function softmaxInPlace(values: Float64Array): void {
  let maximum = Number.NEGATIVE_INFINITY
  for (const value of values) maximum = Math.max(maximum, value)
  let sum = 0
  for (let c = 0; c < values.length; c++) sum += values[c] = Math.exp(values[c] - maximum)
  for (let c = 0; c < values.length; c++) values[c] /= sum
}

/** Shannon entropy in bits; 0 log 0 = 0. */
export function entropyBits(probabilities: Float64Array): number {
  let entropy = 0
  for (const p of probabilities) if (p > 0) entropy -= p * Math.log2(p)
  return entropy
}

/** Index of the largest value; the lowest index wins a tie. */
export function argmax(values: Float64Array): number {
  let best = 0
  for (let c = 1; c < values.length; c++) if (values[c] > values[best]) best = c
  return best
}
