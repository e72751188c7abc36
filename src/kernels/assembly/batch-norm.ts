/**
 * Batch normalisation of rows x channels. Memory is read in order, row by row, with the per-channel numbers beside it in
 * the cache. Sums run in float32 over a block of rows and in float64 across blocks. Channels beyond the last full vector
 * are done one by one.
 */
import { addToDoubles, at, multiplyAdd, zero } from './simd'

/** Rows of a block, a multiple of 4. */
const BLOCK: i32 = 64

/** Adds `count` floats to doubles and clears them. */
function flush(sums: usize, doubles: usize, count: i32): void {
  let i = 0
  for (; i + 4 <= count; i += 4) addToDoubles(doubles + ((<usize>i) << 3), v128.load(at(sums, i)))
  for (; i < count; i++) {
    const target = doubles + ((<usize>i) << 3)
    store<f64>(target, load<f64>(target) + <f64>load<f32>(at(sums, i)))
  }
  zero(sums, count)
}

/**
 * Mean and biased variance of each channel. Values are taken relative to the first row, so that a mean far from 0 costs no digits.
 * `scratch`: 24 * channels bytes.
 */
export function batchNormMoments(x: usize, mean: usize, variance: usize, rows: i32, channels: i32, scratch: usize): void {
  const sums = scratch + ((<usize>channels) << 4)
  const squares = at(sums, channels)
  memory.fill(scratch, 0, (<usize>channels) * 24)
  for (let start = 0; start < rows; start += BLOCK) {
    const end = min(start + BLOCK, rows)
    let r = start
    for (; r + 4 <= end; r += 4) addFourRows(x, at(x, r * channels), channels, sums, squares)
    for (; r < end; r++) addRow(x, at(x, r * channels), 0, channels, sums, squares)
    flush(sums, scratch, channels)
    flush(squares, scratch + ((<usize>channels) << 3), channels)
  }
  for (let c = 0; c < channels; c++) {
    const shifted = load<f64>(scratch + ((<usize>c) << 3)) / <f64>rows
    const square = load<f64>(scratch + ((<usize>(channels + c)) << 3)) / <f64>rows
    store<f32>(at(mean, c), <f32>(<f64>load<f32>(at(x, c)) + shifted))
    store<f32>(at(variance, c), <f32>max(square - shifted * shifted, 0))
  }
}

function addFourRows(origin: usize, row: usize, channels: i32, sums: usize, squares: usize): void {
  const bytes = (<usize>channels) << 2
  let c = 0
  for (; c + 4 <= channels; c += 4) {
    const p = at(row, c)
    const o = v128.load(at(origin, c))
    const d0 = f32x4.sub(v128.load(p), o)
    const d1 = f32x4.sub(v128.load(p + bytes), o)
    const d2 = f32x4.sub(v128.load(p + bytes * 2), o)
    const d3 = f32x4.sub(v128.load(p + bytes * 3), o)
    const sum = f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3))
    const square = f32x4.add(multiplyAdd(d0, d0, f32x4.mul(d1, d1)), multiplyAdd(d2, d2, f32x4.mul(d3, d3)))
    v128.store(at(sums, c), f32x4.add(v128.load(at(sums, c)), sum))
    v128.store(at(squares, c), f32x4.add(v128.load(at(squares, c)), square))
  }
  if (c == channels) return
  for (let r = 0; r < 4; r++) addRow(origin, row + bytes * r, c, channels, sums, squares)
}

/** One row from channel `c` on. */
function addRow(origin: usize, row: usize, c: i32, channels: i32, sums: usize, squares: usize): void {
  for (; c < channels; c++) {
    const d = load<f32>(at(row, c)) - load<f32>(at(origin, c))
    store<f32>(at(sums, c), load<f32>(at(sums, c)) + d)
    store<f32>(at(squares, c), load<f32>(at(squares, c)) + d * d)
  }
}

/** scale[c] = gamma / sqrt(variance + epsilon). */
function scales(gamma: usize, variance: usize, channels: i32, epsilon: f32, scale: usize): void {
  for (let c = 0; c < channels; c++) store<f32>(at(scale, c), load<f32>(at(gamma, c)) / sqrt<f32>(load<f32>(at(variance, c)) + epsilon))
}

/** y = clamp((x - mean) * gamma / sqrt(variance + epsilon) + beta, floor, ceiling). `scale`: channels floats. */
export function batchNormApply(
  x: usize, y: usize, gamma: usize, beta: usize, mean: usize, variance: usize,
  rows: i32, channels: i32, epsilon: f32, floor: f32, ceiling: f32, scale: usize,
): void {
  scales(gamma, variance, channels, epsilon, scale)
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  for (let r = 0; r < rows; r++) {
    const source = at(x, r * channels)
    const target = at(y, r * channels)
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const centred = f32x4.sub(v128.load(at(source, c)), v128.load(at(mean, c)))
      const value = multiplyAdd(centred, v128.load(at(scale, c)), v128.load(at(beta, c)))
      v128.store(at(target, c), f32x4.pmin(f32x4.pmax(value, low), high))
    }
    for (; c < channels; c++) {
      const value = (load<f32>(at(source, c)) - load<f32>(at(mean, c))) * load<f32>(at(scale, c)) + load<f32>(at(beta, c))
      store<f32>(at(target, c), min<f32>(max<f32>(value, floor), ceiling))
    }
  }
}

/** The gradient behind the activation: dy where floor < normalised x < ceiling, else 0. */
@inline
function masked(dy: v128, centred: v128, scale: v128, beta: v128, low: v128, high: v128): v128 {
  const value = multiplyAdd(centred, scale, beta)
  return v128.and(dy, v128.and(f32x4.gt(value, low), f32x4.lt(value, high)))
}

/** dgamma and dbeta of the masked dy. `scratch`: 28 * channels bytes. */
export function batchNormGradSums(
  dy: usize, x: usize, gamma: usize, beta: usize, mean: usize, variance: usize, dgamma: usize, dbeta: usize,
  rows: i32, channels: i32, epsilon: f32, floor: f32, ceiling: f32, scratch: usize,
): void {
  const sums = scratch + ((<usize>channels) << 4)
  const products = at(sums, channels)
  const scale = at(products, channels)
  memory.fill(scratch, 0, (<usize>channels) * 24)
  scales(gamma, variance, channels, epsilon, scale)
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  const bytes = (<usize>channels) << 2
  for (let start = 0; start < rows; start += BLOCK) {
    const end = min(start + BLOCK, rows)
    for (let r = start; r < end; r += 2) {
      // An odd last row is paired with itself at weight 0.
      const step: usize = r + 1 < end ? bytes : 0
      const weight = f32x4.splat(r + 1 < end ? 1 : 0)
      let c = 0
      for (; c + 4 <= channels; c += 4) {
        const p = at(x, r * channels + c)
        const q = at(dy, r * channels + c)
        const m = v128.load(at(mean, c))
        const s = v128.load(at(scale, c))
        const b = v128.load(at(beta, c))
        const centred0 = f32x4.sub(v128.load(p), m)
        const centred1 = f32x4.sub(v128.load(p + step), m)
        const g0 = masked(v128.load(q), centred0, s, b, low, high)
        const g1 = f32x4.mul(masked(v128.load(q + step), centred1, s, b, low, high), weight)
        v128.store(at(sums, c), f32x4.add(v128.load(at(sums, c)), f32x4.add(g0, g1)))
        v128.store(at(products, c), f32x4.add(v128.load(at(products, c)), multiplyAdd(g0, centred0, f32x4.mul(g1, centred1))))
      }
      for (; c < channels; c++) {
        for (let k = r; k < min(r + 2, end); k++) {
          const centred = load<f32>(at(x, k * channels + c)) - load<f32>(at(mean, c))
          const value = centred * load<f32>(at(scale, c)) + load<f32>(at(beta, c))
          const g: f32 = value > floor && value < ceiling ? load<f32>(at(dy, k * channels + c)) : 0
          store<f32>(at(sums, c), load<f32>(at(sums, c)) + g)
          store<f32>(at(products, c), load<f32>(at(products, c)) + g * centred)
        }
      }
    }
    flush(sums, scratch, channels)
    flush(products, scratch + ((<usize>channels) << 3), channels)
  }
  for (let c = 0; c < channels; c++) {
    const deviation = Math.sqrt(<f64>load<f32>(at(variance, c)) + <f64>epsilon)
    store<f32>(at(dbeta, c), <f32>load<f64>(scratch + ((<usize>c) << 3)))
    store<f32>(at(dgamma, c), <f32>(load<f64>(scratch + ((<usize>(channels + c)) << 3)) / deviation))
  }
}

/** dx = gamma / deviation * (masked dy - dbeta / rows - normalised x * dgamma / rows). `scratch`: 3 * channels floats. */
export function batchNormGradApply(
  dy: usize, x: usize, gamma: usize, beta: usize, mean: usize, variance: usize, dgamma: usize, dbeta: usize, dx: usize,
  rows: i32, channels: i32, epsilon: f32, floor: f32, ceiling: f32, scratch: usize,
): void {
  const scale = scratch
  const meanGradient = at(scale, channels)
  const slope = at(meanGradient, channels)
  scales(gamma, variance, channels, epsilon, scale)
  for (let c = 0; c < channels; c++) {
    store<f32>(at(meanGradient, c), load<f32>(at(dbeta, c)) / <f32>rows)
    store<f32>(at(slope, c), load<f32>(at(dgamma, c)) / (<f32>rows * sqrt<f32>(load<f32>(at(variance, c)) + epsilon)))
  }
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  for (let r = 0; r < rows; r++) {
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const i = r * channels + c
      const s = v128.load(at(scale, c))
      const centred = f32x4.sub(v128.load(at(x, i)), v128.load(at(mean, c)))
      const g = masked(v128.load(at(dy, i)), centred, s, v128.load(at(beta, c)), low, high)
      const rest = f32x4.sub(f32x4.sub(g, v128.load(at(meanGradient, c))), f32x4.mul(centred, v128.load(at(slope, c))))
      v128.store(at(dx, i), f32x4.mul(s, rest))
    }
    for (; c < channels; c++) {
      const i = r * channels + c
      const s = load<f32>(at(scale, c))
      const centred = load<f32>(at(x, i)) - load<f32>(at(mean, c))
      const value = centred * s + load<f32>(at(beta, c))
      const g: f32 = value > floor && value < ceiling ? load<f32>(at(dy, i)) : 0
      store<f32>(at(dx, i), s * (g - load<f32>(at(meanGradient, c)) - centred * load<f32>(at(slope, c))))
    }
  }
}

/** y = clamp(x * scale + shift, floor, ceiling). */
export function scaleShift(x: usize, y: usize, scale: usize, shift: usize, rows: i32, channels: i32, floor: f32, ceiling: f32): void {
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  for (let r = 0; r < rows; r++) {
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const i = r * channels + c
      const value = multiplyAdd(v128.load(at(x, i)), v128.load(at(scale, c)), v128.load(at(shift, c)))
      v128.store(at(y, i), f32x4.pmin(f32x4.pmax(value, low), high))
    }
    for (; c < channels; c++) {
      const i = r * channels + c
      store<f32>(at(y, i), min<f32>(max<f32>(load<f32>(at(x, i)) * load<f32>(at(scale, c)) + load<f32>(at(shift, c)), floor), ceiling))
    }
  }
}
