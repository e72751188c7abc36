import type { Shape4D } from '../convolution/geometry'
import { bilinearTaps } from './bilinear'

/** Bilinear, corners aligned: x [N, h, w, C] -> [N, height, width, C]. */
export function upsampleReference(
  x: Float32Array,
  [N, h, w, C]: Shape4D,
  { height, width }: { height: number; width: number },
): Float32Array {
  const y = new Float32Array(N * height * width * C)
  const rows = bilinearTaps(h, height)
  const columns = bilinearTaps(w, width)
  const at = (n: number, row: number, column: number, c: number) => x[((n * h + row) * w + column) * C + c]
  let i = 0
  for (let n = 0; n < N; n++)
    for (const r of rows)
      for (const q of columns)
        for (let c = 0; c < C; c++) {
          const top = at(n, r.low, q.low, c) * (1 - q.weight) + at(n, r.low, q.high, c) * q.weight
          const bottom = at(n, r.high, q.low, c) * (1 - q.weight) + at(n, r.high, q.high, c) * q.weight
          y[i++] = top * (1 - r.weight) + bottom * r.weight
        }
  return y
}

/** Gradient of `upsampleReference` by x: dy [N, height, width, C] -> [N, h, w, C]. */
export function upsampleGradReference(
  dy: Float32Array,
  [N, height, width, C]: Shape4D,
  size: { height: number; width: number },
): Float32Array {
  const [h, w] = [size.height, size.width]
  const dx = new Float64Array(N * h * w * C)
  const rows = bilinearTaps(h, height)
  const columns = bilinearTaps(w, width)
  let i = 0
  for (let n = 0; n < N; n++)
    for (const r of rows)
      for (const q of columns)
        for (let c = 0; c < C; c++) {
          const g = dy[i++]
          dx[((n * h + r.low) * w + q.low) * C + c] += g * (1 - r.weight) * (1 - q.weight)
          dx[((n * h + r.low) * w + q.high) * C + c] += g * (1 - r.weight) * q.weight
          dx[((n * h + r.high) * w + q.low) * C + c] += g * r.weight * (1 - q.weight)
          dx[((n * h + r.high) * w + q.high) * C + c] += g * r.weight * q.weight
        }
  return Float32Array.from(dx)
}
