import { at } from '../assembly/simd.as'

/** sums[n, c] = factor * sum over p of x[n, p, c]. `totals`: a double for each channel. */
export function channelSums(x: usize, sums: usize, items: i32, rows: i32, channels: i32, factor: f32, totals: usize): void {
  for (let n = 0; n < items; n++) {
    memory.fill(totals, 0, (<usize>channels) << 3)
    for (let p = 0; p < rows; p++) {
      const row = at(x, (n * rows + p) * channels)
      for (let c = 0; c < channels; c++) {
        const total = totals + ((<usize>c) << 3)
        store<f64>(total, load<f64>(total) + <f64>load<f32>(at(row, c)))
      }
    }
    for (let c = 0; c < channels; c++) {
      store<f32>(at(sums, n * channels + c), <f32>(<f64>factor * load<f64>(totals + ((<usize>c) << 3))))
    }
  }
}

/** y[n, p, c] = factor * x[n, c]. */
export function channelBroadcast(x: usize, y: usize, items: i32, rows: i32, channels: i32, factor: f32): void {
  for (let n = 0; n < items; n++) {
    const first = at(y, n * rows * channels)
    for (let c = 0; c < channels; c++) store<f32>(at(first, c), load<f32>(at(x, n * channels + c)) * factor)
    const bytes = (<usize>channels) << 2
    for (let p = 1; p < rows; p++) memory.copy(first + <usize>p * bytes, first, bytes)
  }
}
