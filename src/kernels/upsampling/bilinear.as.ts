/**
 * Rows of a bilinear resize with aligned corners. Pixels of a row keep `stride` >= channels floats; the floats behind the
 * last channel hold a very small logit, so that vectors may run over the end of a pixel and change nothing.
 */
import { at, multiplyAdd } from '../assembly/simd.as'

const VERY_SMALL: f32 = -1e30

/** Position of output sample i on the input axis, in float32 as on every engine. */
@inline
export function scaleOf(input: i32, output: i32): f32 {
  return output > 1 ? <f32>(input - 1) / <f32>(output - 1) : 0
}

/** target[stride] = a * (1 - weight) + b * weight of one pixel. */
@inline
export function blendPixel(a: usize, b: usize, channels: i32, weight: f32, target: usize, stride: i32): void {
  const w = f32x4.splat(weight)
  const v = f32x4.splat(1 - weight)
  let c = 0
  for (; c + 4 <= channels; c += 4) {
    v128.store(at(target, c), multiplyAdd(v128.load(at(b, c)), w, f32x4.mul(v128.load(at(a, c)), v)))
  }
  for (; c < channels; c++) store<f32>(at(target, c), load<f32>(at(a, c)) * (1 - weight) + load<f32>(at(b, c)) * weight)
  for (; c < stride; c++) store<f32>(at(target, c), VERY_SMALL)
}

/** Blend of two rows of `width` pixels at vertical position `y`: row[width][stride]. */
export function blendRows(image: usize, height: i32, width: i32, channels: i32, y: f32, row: usize, stride: i32): void {
  const low = min(<i32>y, height - 1)
  const high = min(low + 1, height - 1)
  const top = at(image, low * width * channels)
  const bottom = at(image, high * width * channels)
  for (let x = 0; x < width; x++) {
    blendPixel(at(top, x * channels), at(bottom, x * channels), channels, y - <f32>low, at(row, x * stride), stride)
  }
}

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
