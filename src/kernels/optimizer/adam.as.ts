import { addToDoubles, at, multiplyAdd } from '../assembly/simd.as'
import { workspace } from '../assembly/workspace.as'

/** Floats of a chunk. */
const CHUNK = 4096

/**
 * Moments nearer to zero are zero: at rest they would shrink until they are denormal, which costs processors a hundred cycles
 * each time, in every step.
 */
const LEAST: f32 = 1e-36

/**
 * partials[chunk] = sum of the squares of a chunk of 4096 numbers, as a double, without blocks of 64 whose rate is negative;
 * with `rates` 0, of all. Units: chunks.
 */
export function squareSums(x: usize, rates: usize, partials: usize, size: i32, start: i32, end: i32): void {
  const sums = workspace()
  for (let chunk = start; chunk < end; chunk++) {
    memory.fill(sums, 0, 32)
    const last = min(size, (chunk + 1) * CHUNK)
    for (let i = chunk * CHUNK; i < last; i += 64) {
      if (rates && load<f32>(at(rates, i >> 6)) < 0) continue
      let sum = f32x4.splat(0)
      for (let k = i; k < i + 64; k += 4) {
        const value = v128.load(at(x, k))
        sum = multiplyAdd(value, value, sum)
      }
      addToDoubles(sums, sum)
    }
    store<f64>(partials + ((<usize>chunk) << 3), load<f64>(sums) + load<f64>(sums, 8) + (load<f64>(sums, 16) + load<f64>(sums, 24)))
  }
}

/** total = sum of the doubles, as a float. */
export function addDoubles(partials: usize, total: usize, count: i32): void {
  let sum: f64 = 0
  for (let i = 0; i < count; i++) sum += load<f64>(partials + ((<usize>i) << 3))
  store<f32>(total, <f32>sum)
}

/** A moment without what is next to zero. */
@inline
function withoutDust(moment: v128): v128 {
  return v128.and(moment, f32x4.gt(f32x4.abs(moment), f32x4.splat(LEAST)))
}

/**
 * One step of Adam in blocks first..last of 64: m += share * (g - m); v += share * (g^2 - v); p -= rate * m / (scale * sqrt(v) +
 * epsilon), g clipped by the root of the number at `squareSum` unless that is 0.
 */
export function adamStep(
  parameter: usize, gradient: usize, first: usize, second: usize, squareSum: usize, clipNorm: f32, firstShare: f32, secondShare: f32,
  rate: f32, rootScale: f32, epsilon: f32, start: i32, end: i32,
): void {
  const factor = f32x4.splat(squareSum ? min<f32>(1, clipNorm / (sqrt<f32>(load<f32>(squareSum)) + 1e-6)) : 1)
  for (let i = start << 6; i < end << 6; i += 4) {
    const g = f32x4.mul(v128.load(at(gradient, i)), factor)
    let m = v128.load(at(first, i))
    let v = v128.load(at(second, i))
    m = withoutDust(multiplyAdd(f32x4.splat(firstShare), f32x4.sub(g, m), m))
    v = withoutDust(multiplyAdd(f32x4.splat(secondShare), f32x4.sub(f32x4.mul(g, g), v), v))
    v128.store(at(first, i), m)
    v128.store(at(second, i), v)
    const root = multiplyAdd(f32x4.sqrt(v), f32x4.splat(rootScale), f32x4.splat(epsilon))
    const change = f32x4.div(f32x4.mul(m, f32x4.splat(rate)), root)
    v128.store(at(parameter, i), f32x4.sub(v128.load(at(parameter, i)), change))
  }
}
