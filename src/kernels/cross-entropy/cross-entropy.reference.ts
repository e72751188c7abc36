/** Label of a pixel that takes no part in the loss. */
const IGNORE = 255

/** log(sum(exp(logits))) of the C logits from `offset`. */
function logSumExp(logits: Float32Array, offset: number, classes: number): number {
  let maximum = Number.NEGATIVE_INFINITY
  for (let c = 0; c < classes; c++) maximum = Math.max(maximum, logits[offset + c])
  let sum = 0
  for (let c = 0; c < classes; c++) sum += Math.exp(logits[offset + c] - maximum)
  return maximum + Math.log(sum)
}

/**
 * Weighted cross-entropy summed over the valid pixels of each item.
 * @param logits [N, pixels, C]
 * @param labels [N, pixels], 255 = ignore
 * @param weights [N, pixels]
 * @returns [N]
 */
export function crossEntropySumsReference(
  logits: Float32Array,
  labels: Int32Array,
  weights: Float32Array,
  items: number,
  classes: number,
): Float32Array {
  const pixels = labels.length / items
  const sums = new Float64Array(items)
  for (let p = 0; p < labels.length; p++) {
    if (labels[p] === IGNORE) continue
    const loss = logSumExp(logits, p * classes, classes) - logits[p * classes + labels[p]]
    sums[Math.floor(p / pixels)] += weights[p] * loss
  }
  return Float32Array.from(sums)
}

/** Gradient of sum(dsums * crossEntropySums) by the logits. */
export function crossEntropyGradReference(
  logits: Float32Array,
  labels: Int32Array,
  weights: Float32Array,
  dsums: Float32Array,
  classes: number,
): Float32Array {
  const pixels = labels.length / dsums.length
  const dlogits = new Float32Array(logits.length)
  for (let p = 0; p < labels.length; p++) {
    if (labels[p] === IGNORE) continue
    const factor = weights[p] * dsums[Math.floor(p / pixels)]
    const logNorm = logSumExp(logits, p * classes, classes)
    for (let c = 0; c < classes; c++) {
      dlogits[p * classes + c] = factor * (Math.exp(logits[p * classes + c] - logNorm) - (c === labels[p] ? 1 : 0))
    }
  }
  return dlogits
}
