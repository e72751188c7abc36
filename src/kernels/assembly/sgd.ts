import { at, multiplyAdd } from './simd'

/** g += decay * p; v = momentum * v + g; p -= rate * v. */
export function sgdStep(parameter: usize, gradient: usize, velocity: usize, count: i32, rate: f32, momentum: f32, decay: f32): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const p = v128.load(at(parameter, i))
    const g = multiplyAdd(p, f32x4.splat(decay), v128.load(at(gradient, i)))
    const v = multiplyAdd(v128.load(at(velocity, i)), f32x4.splat(momentum), g)
    v128.store(at(velocity, i), v)
    v128.store(at(parameter, i), f32x4.sub(p, f32x4.mul(v, f32x4.splat(rate))))
  }
  for (; i < count; i++) {
    const p = load<f32>(at(parameter, i))
    const v = load<f32>(at(velocity, i)) * momentum + (load<f32>(at(gradient, i)) + decay * p)
    store<f32>(at(velocity, i), v)
    store<f32>(at(parameter, i), p - rate * v)
  }
}
