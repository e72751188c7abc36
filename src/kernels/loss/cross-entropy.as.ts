/**
 * Weighted cross-entropy of logits [items, h, w, classes], upsampled to the labels' height x width; a pixel whose label is outside
 * 0..classes - 1 (255 among them) takes no part. Items first..last are done here.
 * Pixels of blended rows keep `stride` floats, a multiple of 4 >= classes; lanes behind the last class hold a very small logit.
 * `norms`: of each pixel that takes part its highest logit, and 1 / the sum of exp(logit - highest).
 * `scratch`: for each item (2 w + 1) * stride floats.
 */
import { blendRows, scaleOf } from '../upsampling/bilinear.as'
import { at, expOfNegative, log4, maximumOf, multiplyAdd, sumOf } from '../assembly/simd.as'

/** Upsampled pixel at horizontal position x of a blended row: `stride` floats. */
@inline
function blendPixel(row: usize, w: i32, stride: i32, x: f32, pixel: usize): void {
  const low = min(<i32>x, w - 1)
  const weight = x - <f32>low
  const a = at(row, low * stride)
  const b = at(row, min(low + 1, w - 1) * stride)
  const u = f32x4.splat(weight)
  const v = f32x4.splat(1 - weight)
  for (let c = 0; c < stride; c += 4) {
    v128.store(at(pixel, c), multiplyAdd(v128.load(at(b, c)), u, f32x4.mul(v128.load(at(a, c)), v)))
  }
}

/** sums[n] = sum over the valid pixels of item n of weight * cross-entropy. */
export function crossEntropySums(
  logits: usize, labels: usize, weights: usize, sums: usize, norms: usize, scratch: usize,
  h: i32, w: i32, height: i32, width: i32, classes: i32, first: i32, last: i32,
): void {
  const stride = (classes + 3) & ~3
  const scaleY = scaleOf(h, height)
  const scaleX = scaleOf(w, width)
  for (let n = first; n < last; n++) {
    const row = at(scratch, n * (2 * w + 1) * stride)
    const pixel = at(row, w * stride)
    const image = at(logits, n * h * w * classes)
    let total: f64 = 0
    for (let y = 0; y < height; y++) {
      blendRows(image, h, w, classes, <f32>y * scaleY, row, stride)
      for (let x = 0; x < width; x++) {
        const p = (n * height + y) * width + x
        const label = load<i32>(at(labels, p))
        if (<u32>label >= <u32>classes) continue
        blendPixel(row, w, stride, <f32>x * scaleX, pixel)
        let best = v128.load(pixel)
        for (let c = 4; c < stride; c += 4) best = f32x4.pmax(best, v128.load(at(pixel, c)))
        const highest = maximumOf(best)
        const m = f32x4.splat(highest)
        let exponentials = f32x4.splat(0)
        for (let c = 0; c < stride; c += 4) {
          exponentials = f32x4.add(exponentials, expOfNegative(f32x4.sub(v128.load(at(pixel, c)), m)))
        }
        const sum = sumOf(exponentials)
        store<f32>(at(norms, 2 * p), highest)
        store<f32>(at(norms, 2 * p + 1), 1 / sum)
        const logSum = f32x4.extract_lane(log4(f32x4.splat(sum)), 0)
        total += <f64>(load<f32>(at(weights, p)) * (logSum + (highest - load<f32>(at(pixel, label)))))
      }
    }
    store<f32>(at(sums, n), <f32>total)
  }
}

/** dlogits of dsums[n] * weight * (softmax - one-hot), back through the upsampling. */
export function crossEntropyGrad(
  logits: usize, labels: usize, weights: usize, norms: usize, dsums: usize, dlogits: usize, scratch: usize,
  h: i32, w: i32, height: i32, width: i32, classes: i32, first: i32, last: i32,
): void {
  const stride = (classes + 3) & ~3
  const scaleY = scaleOf(h, height)
  const scaleX = scaleOf(w, width)
  for (let n = first; n < last; n++) {
    const row = at(scratch, n * (2 * w + 1) * stride)
    const pixel = at(row, w * stride)
    const drow = at(pixel, stride)
    const image = at(logits, n * h * w * classes)
    const dimage = at(dlogits, n * h * w * classes)
    const dsum = load<f32>(at(dsums, n))
    memory.fill(dimage, 0, (<usize>(h * w * classes)) << 2)
    for (let y = 0; y < height; y++) {
      blendRows(image, h, w, classes, <f32>y * scaleY, row, stride)
      memory.fill(drow, 0, (<usize>(w * stride)) << 2)
      for (let x = 0; x < width; x++) {
        const p = (n * height + y) * width + x
        const label = load<i32>(at(labels, p))
        if (<u32>label >= <u32>classes) continue
        blendPixel(row, w, stride, <f32>x * scaleX, pixel)
        const factor = load<f32>(at(weights, p)) * dsum
        const m = f32x4.splat(load<f32>(at(norms, 2 * p)))
        const scale = f32x4.splat(factor * load<f32>(at(norms, 2 * p + 1)))
        for (let c = 0; c < stride; c += 4) {
          v128.store(at(pixel, c), f32x4.mul(expOfNegative(f32x4.sub(v128.load(at(pixel, c)), m)), scale))
        }
        store<f32>(at(pixel, label), load<f32>(at(pixel, label)) - factor)
        const position = <f32>x * scaleX
        const low = min(<i32>position, w - 1)
        const weight = position - <f32>low
        addScaled(at(drow, low * stride), pixel, 1 - weight, stride)
        addScaled(at(drow, min(low + 1, w - 1) * stride), pixel, weight, stride)
      }
      const position = <f32>y * scaleY
      const low = min(<i32>position, h - 1)
      const weight = position - <f32>low
      spread(dimage, drow, low, 1 - weight, w, classes, stride)
      spread(dimage, drow, min(low + 1, h - 1), weight, w, classes, stride)
    }
  }
}

/** target += factor * source; `count` is a multiple of 4. */
@inline
function addScaled(target: usize, source: usize, factor: f32, count: i32): void {
  const f = f32x4.splat(factor)
  for (let c = 0; c < count; c += 4) {
    v128.store(at(target, c), multiplyAdd(v128.load(at(source, c)), f, v128.load(at(target, c))))
  }
}

/** Adds factor * a row of padded pixels to row `r` of the image, whose pixels are not padded. */
@inline
function spread(image: usize, row: usize, r: i32, factor: f32, w: i32, classes: i32, stride: i32): void {
  for (let x = 0; x < w; x++) {
    const target = at(image, (r * w + x) * classes)
    const source = at(row, x * stride)
    for (let c = 0; c < classes; c++) store<f32>(at(target, c), load<f32>(at(target, c)) + load<f32>(at(source, c)) * factor)
  }
}
