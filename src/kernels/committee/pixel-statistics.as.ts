import { at, expOfNegative, log4, maximumOf, multiplyAdd, sumOf } from '../assembly/simd.as'
import { blendRows, scaleOf } from '../upsampling/bilinear.as'
import { BITS_PER_NAT, blend, winner } from './committee.as'

/** Prediction, confidence, margin and entropy of one pixel whose logits are in `pixel`[stride]. */
@inline
function statisticsOf(pixel: usize, stride: i32, prediction: usize, confidence: usize, margin: usize, entropy: usize): void {
  let best = v128.load(pixel)
  let lanes = i32x4(0, 1, 2, 3)
  let index = lanes
  for (let c = 4; c < stride; c += 4) {
    const value = v128.load(at(pixel, c))
    const isBetter = f32x4.gt(value, best)
    lanes = i32x4.add(lanes, i32x4.splat(4))
    best = v128.bitselect(value, best, isBetter)
    index = v128.bitselect(lanes, index, isBetter)
  }
  const top = maximumOf(best)
  const topClass = winner(best, index)
  const m = f32x4.splat(top)
  let sum = f32x4.splat(0)
  let weighted = f32x4.splat(0)
  for (let c = 0; c < stride; c += 4) {
    const d = f32x4.sub(v128.load(at(pixel, c)), m)
    const e = expOfNegative(d)
    sum = f32x4.add(sum, e)
    weighted = multiplyAdd(e, d, weighted)
    v128.store(at(pixel, c), e)
  }
  const total = sumOf(sum)
  store<f32>(at(pixel, topClass), 0)
  let second = f32x4.splat(0)
  for (let c = 0; c < stride; c += 4) second = f32x4.pmax(second, v128.load(at(pixel, c)))
  const nats = f32x4.extract_lane(log4(f32x4.splat(total)), 0) - sumOf(weighted) / total
  store<i32>(prediction, topClass)
  store<f32>(confidence, 1 / total)
  store<f32>(margin, (1 - maximumOf(second)) / total)
  store<f32>(entropy, max<f32>(nats * BITS_PER_NAT, 0))
}

/**
 * Statistics [N, height, width] of logits [N, h, w, C], bands [start, end) of `bandRows` rows of all items together.
 * `scratch`: (w + 1) * stride floats for every band.
 */
export function pixelStatistics(
  logits: usize, prediction: usize, confidence: usize, margin: usize, entropy: usize,
  batch: i32, h: i32, w: i32, channels: i32, height: i32, width: i32, scratch: usize, bandRows: i32, start: i32, end: i32,
): void {
  const stride = (channels + 3) & ~3
  const scaleY = scaleOf(h, height)
  const scaleX = scaleOf(w, width)
  for (let band = start; band < end; band++) {
    const row = at(scratch, band * (w + 1) * stride)
    const pixel = at(row, w * stride)
    for (let line = band * bandRows; line < min((band + 1) * bandRows, batch * height); line++) {
      const n = line / height
      const oy = line % height
      blendRows(at(logits, n * h * w * channels), h, w, channels, <f32>oy * scaleY, row, stride)
      for (let ox = 0; ox < width; ox++) {
        const position = <f32>ox * scaleX
        const low = min(<i32>position, w - 1)
        const weight = position - <f32>low
        const a = at(row, low * stride)
        const b = at(row, min(low + 1, w - 1) * stride)
        const u = f32x4.splat(weight)
        const v = f32x4.splat(1 - weight)
        for (let c = 0; c < stride; c += 4) v128.store(at(pixel, c), blend(a, b, c, u, v))
        const i = (n * height + oy) * width + ox
        statisticsOf(pixel, stride, at(prediction, i), at(confidence, i), at(margin, i), at(entropy, i))
      }
    }
  }
}
