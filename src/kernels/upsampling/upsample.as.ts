import { at, multiplyAdd } from '../assembly/simd.as'
import { scaleOf } from './bilinear.as'

/** Gradient by x of the resize: dy [N, height, width, C] -> dx [N, h, w, C]. `row`: w * C floats. */
export function upsampleGrad(dy: usize, dx: usize, batch: i32, h: i32, w: i32, height: i32, width: i32, channels: i32, row: usize): void {
  const scaleY = scaleOf(h, height)
  const scaleX = scaleOf(w, width)
  const rowSize = w * channels
  memory.fill(dx, 0, (<usize>(batch * h * rowSize)) << 2)
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < height; oy++) {
      memory.fill(row, 0, (<usize>rowSize) << 2)
      for (let ox = 0; ox < width; ox++) {
        const x = <f32>ox * scaleX
        const low = min(<i32>x, w - 1)
        const weight = x - <f32>low
        const source = at(dy, ((n * height + oy) * width + ox) * channels)
        addScaled(at(row, low * channels), source, 1 - weight, channels)
        addScaled(at(row, min(low + 1, w - 1) * channels), source, weight, channels)
      }
      const y = <f32>oy * scaleY
      const low = min(<i32>y, h - 1)
      const weight = y - <f32>low
      addScaled(at(dx, (n * h + low) * rowSize), row, 1 - weight, rowSize)
      addScaled(at(dx, (n * h + min(low + 1, h - 1)) * rowSize), row, weight, rowSize)
    }
  }
}

/** target += factor * source. */
@inline
function addScaled(target: usize, source: usize, factor: f32, count: i32): void {
  const f = f32x4.splat(factor)
  let i = 0
  for (; i + 4 <= count; i += 4) v128.store(at(target, i), multiplyAdd(v128.load(at(source, i)), f, v128.load(at(target, i))))
  for (; i < count; i++) store<f32>(at(target, i), load<f32>(at(target, i)) + load<f32>(at(source, i)) * factor)
}
