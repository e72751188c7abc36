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
