import { at, multiplyAdd } from '../assembly/simd.as'

/** Floats that share a learning rate. */
const BLOCK = 64

/**
 * g = factor * g + decay * p; v = momentum * v + g; p -= rate * v, or, with `nesterov` 1, p -= rate * (g + momentum * v), in
 * blocks first..last of 64; a negative rate leaves its block alone. The factor clips by the root of the number at `squareSum`,
 * and is 1 where that is 0.
 */
export function sgdStep(
  parameter: usize, gradient: usize, velocity: usize, rates: usize, squareSum: usize, clipNorm: f32, momentum: f32, decay: f32,
  nesterov: i32, first: i32, last: i32,
): void {
  const factor = f32x4.splat(squareSum ? min<f32>(1, clipNorm / (sqrt<f32>(load<f32>(squareSum)) + 1e-6)) : 1)
  for (let block = first; block < last; block++) {
    const rate = load<f32>(at(rates, block))
    if (rate < 0) continue
    for (let i = block * BLOCK; i < (block + 1) * BLOCK; i += 4) {
      const p = v128.load(at(parameter, i))
      const g = multiplyAdd(p, f32x4.splat(decay), f32x4.mul(v128.load(at(gradient, i)), factor))
      const v = multiplyAdd(v128.load(at(velocity, i)), f32x4.splat(momentum), g)
      v128.store(at(velocity, i), v)
      const step = nesterov ? multiplyAdd(v, f32x4.splat(momentum), g) : v
      v128.store(at(parameter, i), f32x4.sub(p, f32x4.mul(step, f32x4.splat(rate))))
    }
  }
}
