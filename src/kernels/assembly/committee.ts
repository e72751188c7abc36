/**
 * Per-pixel statistics of upsampled logits. An output row is made in two steps: the two input rows are blended once, then
 * every pixel is blended from two neighbours, in registers; nothing of full size but the results is ever stored.
 */
import { blendRows, scaleOf } from './bilinear'
import { at, expOfNegative, log4, maximumOf, multiplyAdd, sumOf, zero } from './simd'

const BITS_PER_NAT: f32 = 1.4426950408889634

@inline
function blend(a: usize, b: usize, c: i32, u: v128, v: v128): v128 {
  return multiplyAdd(v128.load(at(b, c)), u, f32x4.mul(v128.load(at(a, c)), v))
}

/** Lowest lane index whose value is the largest, over vectors of values and their class indices. */
@inline
function winner(best: v128, index: v128): i32 {
  const top = maximumOf(best)
  let result = i32.MAX_VALUE
  if (f32x4.extract_lane(best, 0) == top) result = min(result, i32x4.extract_lane(index, 0))
  if (f32x4.extract_lane(best, 1) == top) result = min(result, i32x4.extract_lane(index, 1))
  if (f32x4.extract_lane(best, 2) == top) result = min(result, i32x4.extract_lane(index, 2))
  if (f32x4.extract_lane(best, 3) == top) result = min(result, i32x4.extract_lane(index, 3))
  return result
}

/** Adds one pass's votes of a row to votes[width][stride]. `row` is the blended row of the pass. */
function voteRow(row: usize, w: i32, width: i32, stride: i32, isSoft: bool, votes: usize, pixel: usize): void {
  const scaleX = scaleOf(w, width)
  for (let ox = 0; ox < width; ox++) {
    const position = <f32>ox * scaleX
    const low = min(<i32>position, w - 1)
    const weight = position - <f32>low
    const a = at(row, low * stride)
    const b = at(row, min(low + 1, w - 1) * stride)
    const u = f32x4.splat(weight)
    const v = f32x4.splat(1 - weight)
    const target = at(votes, ox * stride)
    let best = blend(a, b, 0, u, v)
    if (isSoft) {
      v128.store(pixel, best)
      for (let c = 4; c < stride; c += 4) {
        const value = blend(a, b, c, u, v)
        v128.store(at(pixel, c), value)
        best = f32x4.pmax(best, value)
      }
      addSoftmax(pixel, maximumOf(best), target, stride)
    } else {
      let lanes = i32x4(0, 1, 2, 3)
      let index = lanes
      for (let c = 4; c < stride; c += 4) {
        const value = blend(a, b, c, u, v)
        const isBetter = f32x4.gt(value, best)
        lanes = i32x4.add(lanes, i32x4.splat(4))
        best = v128.bitselect(value, best, isBetter)
        index = v128.bitselect(lanes, index, isBetter)
      }
      const cell = at(target, winner(best, index))
      store<f32>(cell, load<f32>(cell) + 1)
    }
  }
}

/** target += softmax(pixel). */
@inline
function addSoftmax(pixel: usize, maximum: f32, target: usize, stride: i32): void {
  const m = f32x4.splat(maximum)
  let sum = f32x4.splat(0)
  for (let c = 0; c < stride; c += 4) {
    const e = expOfNegative(f32x4.sub(v128.load(at(pixel, c)), m))
    v128.store(at(pixel, c), e)
    sum = f32x4.add(sum, e)
  }
  const factor = f32x4.splat(1 / sumOf(sum))
  for (let c = 0; c < stride; c += 4) v128.store(at(target, c), multiplyAdd(v128.load(at(pixel, c)), factor, v128.load(at(target, c))))
}

/** Entropy of vote counts: the sum of table[count], where table[k] = -(k/m) log2(k/m). */
@inline
function hardEntropy(votes: usize, channels: i32, table: usize): f32 {
  let entropy: f32 = 0
  for (let c = 0; c < channels; c++) entropy += load<f32>(at(table, <i32>load<f32>(at(votes, c))))
  return entropy
}

/** Entropy in bits of sums of m softmaxes. */
@inline
function softEntropy(votes: usize, stride: i32, passes: i32): f32 {
  const share = f32x4.splat(1 / <f32>passes)
  let sum = f32x4.splat(0)
  for (let c = 0; c < stride; c += 4) {
    const p = f32x4.pmax(f32x4.mul(v128.load(at(votes, c)), share), f32x4.splat(1.2e-38))
    sum = f32x4.sub(sum, f32x4.mul(p, log4(p)))
  }
  return max<f32>(sumOf(sum) * BITS_PER_NAT, 0)
}

/**
 * Vote entropy [height, width] of logits [m, h, w, C].
 * `scratch`: (w + width + 1) * stride floats, stride = C rounded up to 4; `table`: m + 1 floats, see `hardEntropy`.
 */
export function voteEntropy(
  logits: usize, map: usize, passes: i32, h: i32, w: i32, channels: i32, height: i32, width: i32, isSoft: bool, table: usize, scratch: usize,
): void {
  const stride = (channels + 3) & ~3
  const votes = at(scratch, w * stride)
  const pixel = at(votes, width * stride)
  const scaleY = scaleOf(h, height)
  for (let oy = 0; oy < height; oy++) {
    zero(votes, width * stride)
    for (let pass = 0; pass < passes; pass++) {
      blendRows(at(logits, pass * h * w * channels), h, w, channels, <f32>oy * scaleY, scratch, stride)
      voteRow(scratch, w, width, stride, isSoft, votes, pixel)
    }
    for (let ox = 0; ox < width; ox++) {
      const cell = at(votes, ox * stride)
      store<f32>(at(map, oy * width + ox), isSoft ? softEntropy(cell, stride, passes) : hardEntropy(cell, channels, table))
    }
  }
}

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
    // Below this the exponential is 0 in float32; the padding would otherwise enter the product.
    const d = f32x4.pmax(f32x4.sub(v128.load(at(pixel, c)), m), f32x4.splat(-87.3))
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

/** Statistics [N, height, width] of logits [N, h, w, C]. `scratch`: (w + 1) * stride floats. */
export function pixelStatistics(
  logits: usize, prediction: usize, confidence: usize, margin: usize, entropy: usize,
  batch: i32, h: i32, w: i32, channels: i32, height: i32, width: i32, scratch: usize,
): void {
  const stride = (channels + 3) & ~3
  const pixel = at(scratch, w * stride)
  const scaleY = scaleOf(h, height)
  const scaleX = scaleOf(w, width)
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < height; oy++) {
      blendRows(at(logits, n * h * w * channels), h, w, channels, <f32>oy * scaleY, scratch, stride)
      for (let ox = 0; ox < width; ox++) {
        const position = <f32>ox * scaleX
        const low = min(<i32>position, w - 1)
        const weight = position - <f32>low
        const a = at(scratch, low * stride)
        const b = at(scratch, min(low + 1, w - 1) * stride)
        const u = f32x4.splat(weight)
        const v = f32x4.splat(1 - weight)
        for (let c = 0; c < stride; c += 4) v128.store(at(pixel, c), blend(a, b, c, u, v))
        const i = (n * height + oy) * width + ox
        statisticsOf(pixel, stride, at(prediction, i), at(confidence, i), at(margin, i), at(entropy, i))
      }
    }
  }
}
