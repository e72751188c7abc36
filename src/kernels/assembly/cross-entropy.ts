/**
 * Weighted cross-entropy of pixels x classes; a label outside 0..classes - 1 (255 among them) takes no part.
 * The last vector of a pixel overlaps the one before it, so that nothing beyond the pixel is read; its repeated lanes are
 * masked out of sums. With fewer than 4 classes the logits go through a padded copy.
 * `slots`: classes + 8 floats of scratch, where the exponentials are kept a vector per slot.
 */
import { at, expOfNegative, log4, maximumOf, sumOf } from './simd'

const VERY_SMALL: f32 = -1e30

/** Lanes of the last vector that belong to no earlier one. */
function tailMask(classes: i32): v128 {
  const repeated = (4 - (classes & 3)) & 3
  return i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(repeated))
}

/** Where a pixel's vectors can be read: the pixel itself, or a copy of fewer than 4 classes behind the slots. */
@inline
function readable(logits: usize, classes: i32, slots: usize): usize {
  if (classes >= 4) return logits
  const copy = at(slots, 4)
  v128.store(copy, f32x4.splat(VERY_SMALL))
  for (let c = 0; c < classes; c++) store<f32>(at(copy, c), load<f32>(at(logits, c)))
  return copy
}

@inline
function maximumLogit(source: usize, classes: i32): f32 {
  let best = v128.load(source)
  for (let c = 4; c + 4 <= classes; c += 4) best = f32x4.pmax(best, v128.load(at(source, c)))
  if (classes > 4) best = f32x4.pmax(best, v128.load(at(source, classes - 4)))
  return maximumOf(best)
}

/** Sum of exp(logit - maximum); every vector of exponentials is left in its slot. */
@inline
function exponentials(source: usize, classes: i32, maximum: f32, mask: v128, slots: usize): f32 {
  const m = f32x4.splat(maximum)
  let sum = f32x4.splat(0)
  let c = 0
  for (; c + 4 <= classes; c += 4) {
    const e = expOfNegative(f32x4.sub(v128.load(at(source, c)), m))
    v128.store(at(slots, c), e)
    sum = f32x4.add(sum, e)
  }
  if (c < classes) {
    const e = expOfNegative(f32x4.sub(v128.load(at(source, max(classes - 4, 0))), m))
    v128.store(at(slots, c), e)
    sum = f32x4.add(sum, classes > 4 ? v128.and(e, mask) : e)
  }
  return sumOf(sum)
}

/** sums[n] = sum over the valid pixels of item n of weight * cross-entropy. */
export function crossEntropySums(
  logits: usize, labels: usize, weights: usize, sums: usize, items: i32, pixels: i32, classes: i32, slots: usize,
): void {
  const mask = tailMask(classes)
  for (let n = 0; n < items; n++) {
    let total: f64 = 0
    for (let p = n * pixels; p < (n + 1) * pixels; p++) {
      const label = load<i32>(at(labels, p))
      if (<u32>label >= <u32>classes) continue
      const source = readable(at(logits, p * classes), classes, slots)
      const maximum = maximumLogit(source, classes)
      const sum = exponentials(source, classes, maximum, mask, slots)
      const logSum = f32x4.extract_lane(log4(f32x4.splat(sum)), 0)
      total += <f64>(load<f32>(at(weights, p)) * (logSum + (maximum - load<f32>(at(source, label)))))
    }
    store<f32>(at(sums, n), <f32>total)
  }
}

/** dlogits = dsums[n] * weight * (softmax - one-hot), 0 where ignored. */
export function crossEntropyGrad(
  logits: usize, labels: usize, weights: usize, dsums: usize, dlogits: usize, items: i32, pixels: i32, classes: i32, slots: usize,
): void {
  const mask = tailMask(classes)
  for (let n = 0; n < items; n++) {
    const dsum = load<f32>(at(dsums, n))
    for (let p = n * pixels; p < (n + 1) * pixels; p++) {
      const target = at(dlogits, p * classes)
      const label = load<i32>(at(labels, p))
      if (<u32>label >= <u32>classes) {
        memory.fill(target, 0, (<usize>classes) << 2)
        continue
      }
      const source = readable(at(logits, p * classes), classes, slots)
      const sum = exponentials(source, classes, maximumLogit(source, classes), mask, slots)
      const factor = load<f32>(at(weights, p)) * dsum
      const scale = factor / sum
      let c = 0
      for (; c + 4 <= classes; c += 4) v128.store(at(target, c), f32x4.mul(v128.load(at(slots, c)), f32x4.splat(scale)))
      if (c < classes && classes > 4) v128.store(at(target, classes - 4), f32x4.mul(v128.load(at(slots, c)), f32x4.splat(scale)))
      if (classes < 4) for (; c < classes; c++) store<f32>(at(target, c), load<f32>(at(slots, c)) * scale)
      store<f32>(at(target, label), load<f32>(at(target, label)) - factor)
    }
  }
}
