/** One 1-D filter along an axis: out[i] = sum_k a[k] * in[i - floor(w/2) + k], zero outside. */
function filterAxis(
  input: Float64Array,
  length: number,
  stride: number,
  starts: number[],
  a: Float32Array,
): Float64Array {
  const output = new Float64Array(input.length)
  const half = Math.floor(a.length / 2)
  for (const start of starts) {
    for (let i = 0; i < length; i++) {
      let sum = 0
      for (let k = 0; k < a.length; k++) {
        const j = i - half + k
        if (j >= 0 && j < length) sum += a[k] * input[start + j * stride]
      }
      output[start + i * stride] = sum
    }
  }
  return output
}

/** map [height, width] filtered with a along the rows, then along the columns (paper Eq. 5, separable). */
export function gaussianAttentionReference(
  map: Float32Array,
  { height, width }: { height: number; width: number },
  a: Float32Array,
): Float32Array {
  const rowStarts = Array.from({ length: height }, (_, y) => y * width)
  const columnStarts = Array.from({ length: width }, (_, x) => x)
  const horizontal = filterAxis(Float64Array.from(map), width, 1, rowStarts, a)
  return Float32Array.from(filterAxis(horizontal, height, width, columnStarts, a))
}
