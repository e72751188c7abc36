import { at } from '../assembly/simd.as'

/** y = activation(x W + b): x [items, inputs], weights [inputs, outputs], y [items, outputs]. */
export function dense(
  x: usize, weights: usize, bias: usize, y: usize, items: i32, inputs: i32, outputs: i32, isRelu: i32,
): void {
  for (let n = 0; n < items; n++) {
    const row = at(y, n * outputs)
    memory.copy(row, bias, (<usize>outputs) << 2)
    for (let i = 0; i < inputs; i++) addScaled(row, at(weights, i * outputs), load<f32>(at(x, n * inputs + i)), outputs)
    if (isRelu) for (let o = 0; o < outputs; o++) store<f32>(at(row, o), max(<f32>0, load<f32>(at(row, o))))
  }
}

/** Gradients of `dense`; a relu passes nothing where y is 0. */
export function denseGrad(
  dy: usize, y: usize, x: usize, weights: usize, dweights: usize, dbias: usize, dx: usize,
  items: i32, inputs: i32, outputs: i32, isRelu: i32,
): void {
  memory.fill(dweights, 0, (<usize>(inputs * outputs)) << 2)
  memory.fill(dbias, 0, (<usize>outputs) << 2)
  for (let n = 0; n < items; n++) {
    for (let o = 0; o < outputs; o++) {
      const k = n * outputs + o
      const dz = !isRelu || load<f32>(at(y, k)) > 0 ? load<f32>(at(dy, k)) : 0
      store<f32>(at(dbias, o), load<f32>(at(dbias, o)) + dz)
    }
    for (let i = 0; i < inputs; i++) {
      const value = load<f32>(at(x, n * inputs + i))
      let sum: f32 = 0
      for (let o = 0; o < outputs; o++) {
        const k = n * outputs + o
        const w = i * outputs + o
        const dz = !isRelu || load<f32>(at(y, k)) > 0 ? load<f32>(at(dy, k)) : 0
        sum += dz * load<f32>(at(weights, w))
        store<f32>(at(dweights, w), load<f32>(at(dweights, w)) + value * dz)
      }
      store<f32>(at(dx, n * inputs + i), sum)
    }
  }
}

@inline
function addScaled(target: usize, source: usize, factor: f32, count: i32): void {
  for (let i = 0; i < count; i++) store<f32>(at(target, i), load<f32>(at(target, i)) + load<f32>(at(source, i)) * factor)
}
