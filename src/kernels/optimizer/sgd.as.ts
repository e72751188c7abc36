import { at, multiplyAdd } from '../assembly/simd.as'

/** Floats that share a learning rate. */
const BLOCK = 64

/** g += decay * p; v = momentum * v + g; p -= rate * v, in blocks first..last of 64; a negative rate leaves its block alone. */
export function sgdStep(
  parameter: usize, gradient: usize, velocity: usize, rates: usize, momentum: f32, decay: f32, first: i32, last: i32,
): void {
  for (let block = first; block < last; block++) {
    const rate = load<f32>(at(rates, block))
    if (rate < 0) continue
    for (let i = block * BLOCK; i < (block + 1) * BLOCK; i += 4) {
      const p = v128.load(at(parameter, i))
      const g = multiplyAdd(p, f32x4.splat(decay), v128.load(at(gradient, i)))
      const v = multiplyAdd(v128.load(at(velocity, i)), f32x4.splat(momentum), g)
      v128.store(at(velocity, i), v)
      v128.store(at(parameter, i), f32x4.sub(p, f32x4.mul(v, f32x4.splat(rate))))
    }
  }
}
