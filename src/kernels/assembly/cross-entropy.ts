/** Weighted cross-entropy of pixels x classes; a label outside 0..classes - 1 (255 among them) takes no part. `pixel`: classes rounded up to 4 floats of scratch. */
import { at, exp4, log4, maximumOf, sumOf } from './simd'

const VERY_SMALL: f32 = -1e30

/** Copies the logits of a pixel to `pixel` as exp(logit - maximum), padded; returns their sum and leaves the maximum behind it. */
// @ts-ignore: decorator
@inline
function exponentials(logits: usize, classes: i32, pixel: usize): f32 {
  let best = f32x4.splat(VERY_SMALL)
  let c = 0
  for (; c + 4 <= classes; c += 4) {
    const value = v128.load(at(logits, c))
    v128.store(at(pixel, c), value)
    best = f32x4.max(best, value)
  }
  if (c < classes) {
    v128.store(at(pixel, c), f32x4.splat(VERY_SMALL))
    for (let k = c; k < classes; k++) store<f32>(at(pixel, k), load<f32>(at(logits, k)))
    best = f32x4.max(best, v128.load(at(pixel, c)))
  }
  const maximum = maximumOf(best)
  const m = f32x4.splat(maximum)
  let sum = f32x4.splat(0)
  const stride = (classes + 3) & ~3
  for (c = 0; c < stride; c += 4) {
    const e = exp4(f32x4.sub(v128.load(at(pixel, c)), m))
    v128.store(at(pixel, c), e)
    sum = f32x4.add(sum, e)
  }
  store<f32>(at(pixel, stride), maximum)
  return sumOf(sum)
}

/** sums[n] = sum over the valid pixels of item n of weight * cross-entropy. */
export function crossEntropySums(
  logits: usize, labels: usize, weights: usize, sums: usize, items: i32, pixels: i32, classes: i32, pixel: usize,
): void {
  const stride = (classes + 3) & ~3
  for (let n = 0; n < items; n++) {
    let total: f64 = 0
    for (let p = n * pixels; p < (n + 1) * pixels; p++) {
      const label = load<i32>(at(labels, p))
      if (<u32>label >= <u32>classes) continue
      const source = at(logits, p * classes)
      const sum = exponentials(source, classes, pixel)
      const logSum = f32x4.extract_lane(log4(f32x4.splat(sum)), 0)
      const loss = logSum + (load<f32>(at(pixel, stride)) - load<f32>(at(source, label)))
      total += <f64>(load<f32>(at(weights, p)) * loss)
    }
    store<f32>(at(sums, n), <f32>total)
  }
}

/** dlogits = dsums[n] * weight * (softmax - one-hot), 0 where ignored. */
export function crossEntropyGrad(
  logits: usize, labels: usize, weights: usize, dsums: usize, dlogits: usize, items: i32, pixels: i32, classes: i32, pixel: usize,
): void {
  for (let n = 0; n < items; n++) {
    const dsum = load<f32>(at(dsums, n))
    for (let p = n * pixels; p < (n + 1) * pixels; p++) {
      const target = at(dlogits, p * classes)
      const label = load<i32>(at(labels, p))
      if (<u32>label >= <u32>classes) {
        memory.fill(target, 0, (<usize>classes) << 2)
        continue
      }
      const sum = exponentials(at(logits, p * classes), classes, pixel)
      const factor = load<f32>(at(weights, p)) * dsum
      const scale = factor / sum
      let c = 0
      for (; c + 4 <= classes; c += 4) v128.store(at(target, c), f32x4.mul(v128.load(at(pixel, c)), f32x4.splat(scale)))
      for (; c < classes; c++) store<f32>(at(target, c), load<f32>(at(pixel, c)) * scale)
      store<f32>(at(target, label), load<f32>(at(target, label)) - factor)
    }
  }
}
