/**
 * Batch normalisation of rows x channels. Rows are visited in blocks that stay in the cache; within a block, sums run in
 * float32 registers, across blocks in float64. Channels beyond the last full vector are done one by one.
 */
import { addToDoubles, at, multiplyAdd } from './simd'

const BLOCK: i32 = 64

/**
 * Mean and biased variance of each channel. Values are taken relative to the first row, so that a mean far from 0 costs no digits.
 * `scratch`: 2 * channels doubles.
 */
export function batchNormMoments(x: usize, mean: usize, variance: usize, rows: i32, channels: i32, scratch: usize): void {
  const squares = scratch + ((<usize>channels) << 3)
  memory.fill(scratch, 0, (<usize>channels) << 4)
  for (let start = 0; start < rows; start += BLOCK) {
    const end = min(start + BLOCK, rows)
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const origin = v128.load(at(x, c))
      let sum = f32x4.splat(0)
      let square = f32x4.splat(0)
      for (let r = start; r < end; r++) {
        const d = f32x4.sub(v128.load(at(x, r * channels + c)), origin)
        sum = f32x4.add(sum, d)
        square = multiplyAdd(d, d, square)
      }
      addToDoubles(scratch + ((<usize>c) << 3), sum)
      addToDoubles(squares + ((<usize>c) << 3), square)
    }
    for (; c < channels; c++) {
      const origin = load<f32>(at(x, c))
      const offset = (<usize>c) << 3
      for (let r = start; r < end; r++) {
        const d = <f64>(load<f32>(at(x, r * channels + c)) - origin)
        store<f64>(scratch + offset, load<f64>(scratch + offset) + d)
        store<f64>(squares + offset, load<f64>(squares + offset) + d * d)
      }
    }
  }
  for (let c = 0; c < channels; c++) {
    const shifted = load<f64>(scratch + ((<usize>c) << 3)) / <f64>rows
    const square = load<f64>(squares + ((<usize>c) << 3)) / <f64>rows
    store<f32>(at(mean, c), <f32>(<f64>load<f32>(at(x, c)) + shifted))
    store<f32>(at(variance, c), <f32>max(square - shifted * shifted, 0))
  }
}

/** y = clamp((x - mean) * gamma / sqrt(variance + epsilon) + beta, floor, ceiling). */
export function batchNormApply(
  x: usize, y: usize, gamma: usize, beta: usize, mean: usize, variance: usize,
  rows: i32, channels: i32, epsilon: f32, floor: f32, ceiling: f32,
): void {
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  for (let start = 0; start < rows; start += BLOCK) {
    const end = min(start + BLOCK, rows)
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const deviation = f32x4.sqrt(f32x4.add(v128.load(at(variance, c)), f32x4.splat(epsilon)))
      const scale = f32x4.div(v128.load(at(gamma, c)), deviation)
      const m = v128.load(at(mean, c))
      const b = v128.load(at(beta, c))
      for (let r = start; r < end; r++) {
        const i = r * channels + c
        const value = multiplyAdd(f32x4.sub(v128.load(at(x, i)), m), scale, b)
        v128.store(at(y, i), f32x4.min(f32x4.max(value, low), high))
      }
    }
    for (; c < channels; c++) {
      const scale = load<f32>(at(gamma, c)) / sqrt<f32>(load<f32>(at(variance, c)) + epsilon)
      const m = load<f32>(at(mean, c))
      const b = load<f32>(at(beta, c))
      for (let r = start; r < end; r++) {
        const i = r * channels + c
        store<f32>(at(y, i), min<f32>(max<f32>((load<f32>(at(x, i)) - m) * scale + b, floor), ceiling))
      }
    }
  }
}

/** dgamma and dbeta of the masked dy. `scratch`: 2 * channels doubles. */
export function batchNormGradSums(
  dy: usize, x: usize, gamma: usize, beta: usize, mean: usize, variance: usize, dgamma: usize, dbeta: usize,
  rows: i32, channels: i32, epsilon: f32, floor: f32, ceiling: f32, scratch: usize,
): void {
  const products = scratch + ((<usize>channels) << 3)
  memory.fill(scratch, 0, (<usize>channels) << 4)
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  for (let start = 0; start < rows; start += BLOCK) {
    const end = min(start + BLOCK, rows)
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const deviation = f32x4.sqrt(f32x4.add(v128.load(at(variance, c)), f32x4.splat(epsilon)))
      const scale = f32x4.div(v128.load(at(gamma, c)), deviation)
      const m = v128.load(at(mean, c))
      const b = v128.load(at(beta, c))
      let sum = f32x4.splat(0)
      let product = f32x4.splat(0)
      for (let r = start; r < end; r++) {
        const i = r * channels + c
        const centred = f32x4.sub(v128.load(at(x, i)), m)
        const value = multiplyAdd(centred, scale, b)
        const g = v128.and(v128.load(at(dy, i)), v128.and(f32x4.gt(value, low), f32x4.lt(value, high)))
        sum = f32x4.add(sum, g)
        product = multiplyAdd(g, centred, product)
      }
      addToDoubles(scratch + ((<usize>c) << 3), sum)
      addToDoubles(products + ((<usize>c) << 3), product)
    }
    for (; c < channels; c++) {
      const scale = load<f32>(at(gamma, c)) / sqrt<f32>(load<f32>(at(variance, c)) + epsilon)
      const m = load<f32>(at(mean, c))
      const b = load<f32>(at(beta, c))
      const offset = (<usize>c) << 3
      for (let r = start; r < end; r++) {
        const i = r * channels + c
        const centred = load<f32>(at(x, i)) - m
        const value = centred * scale + b
        if (!(value > floor && value < ceiling)) continue
        const g = <f64>load<f32>(at(dy, i))
        store<f64>(scratch + offset, load<f64>(scratch + offset) + g)
        store<f64>(products + offset, load<f64>(products + offset) + g * <f64>centred)
      }
    }
  }
  for (let c = 0; c < channels; c++) {
    const deviation = Math.sqrt(<f64>load<f32>(at(variance, c)) + <f64>epsilon)
    store<f32>(at(dbeta, c), <f32>load<f64>(scratch + ((<usize>c) << 3)))
    store<f32>(at(dgamma, c), <f32>(load<f64>(products + ((<usize>c) << 3)) / deviation))
  }
}

/** dx = gamma / deviation * (masked dy - dbeta / rows - normalised x * dgamma / rows). */
export function batchNormGradApply(
  dy: usize, x: usize, gamma: usize, beta: usize, mean: usize, variance: usize, dgamma: usize, dbeta: usize, dx: usize,
  rows: i32, channels: i32, epsilon: f32, floor: f32, ceiling: f32,
): void {
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  const share: f32 = 1 / <f32>rows
  for (let start = 0; start < rows; start += BLOCK) {
    const end = min(start + BLOCK, rows)
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const deviation = f32x4.sqrt(f32x4.add(v128.load(at(variance, c)), f32x4.splat(epsilon)))
      const scale = f32x4.div(v128.load(at(gamma, c)), deviation)
      const m = v128.load(at(mean, c))
      const b = v128.load(at(beta, c))
      const meanGradient = f32x4.mul(v128.load(at(dbeta, c)), f32x4.splat(share))
      const slope = f32x4.div(f32x4.mul(v128.load(at(dgamma, c)), f32x4.splat(share)), deviation)
      for (let r = start; r < end; r++) {
        const i = r * channels + c
        const centred = f32x4.sub(v128.load(at(x, i)), m)
        const value = multiplyAdd(centred, scale, b)
        const g = v128.and(v128.load(at(dy, i)), v128.and(f32x4.gt(value, low), f32x4.lt(value, high)))
        v128.store(at(dx, i), f32x4.mul(scale, f32x4.sub(f32x4.sub(g, meanGradient), f32x4.mul(centred, slope))))
      }
    }
    for (; c < channels; c++) {
      const deviation = sqrt<f32>(load<f32>(at(variance, c)) + epsilon)
      const scale = load<f32>(at(gamma, c)) / deviation
      const m = load<f32>(at(mean, c))
      const b = load<f32>(at(beta, c))
      const meanGradient = load<f32>(at(dbeta, c)) * share
      const slope = (load<f32>(at(dgamma, c)) * share) / deviation
      for (let r = start; r < end; r++) {
        const i = r * channels + c
        const centred = load<f32>(at(x, i)) - m
        const value = centred * scale + b
        const g: f32 = value > floor && value < ceiling ? load<f32>(at(dy, i)) : 0
        store<f32>(at(dx, i), scale * (g - meanGradient - centred * slope))
      }
    }
  }
}

/** y = clamp(x * scale + shift, floor, ceiling). */
export function scaleShift(x: usize, y: usize, scale: usize, shift: usize, rows: i32, channels: i32, floor: f32, ceiling: f32): void {
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  for (let start = 0; start < rows; start += BLOCK) {
    const end = min(start + BLOCK, rows)
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const s = v128.load(at(scale, c))
      const b = v128.load(at(shift, c))
      for (let r = start; r < end; r++) {
        const i = r * channels + c
        v128.store(at(y, i), f32x4.min(f32x4.max(multiplyAdd(v128.load(at(x, i)), s, b), low), high))
      }
    }
    for (; c < channels; c++) {
      const s = load<f32>(at(scale, c))
      const b = load<f32>(at(shift, c))
      for (let r = start; r < end; r++) {
        const i = r * channels + c
        store<f32>(at(y, i), min<f32>(max<f32>(load<f32>(at(x, i)) * s + b, floor), ceiling))
      }
    }
  }
}
