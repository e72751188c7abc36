import { at, expOfNegative, log4, maximumOf, multiplyAdd, sumOf, zero } from '../assembly/simd.as'
import { blendRows, scaleOf } from '../upsampling/bilinear.as'
import { BITS_PER_NAT, blend } from './committee.as'

/**
 * Adds one pass's softmaxes of a row to votes[width][stride], and their entropies, in nats, to entropies[width]. `row` is the
 * blended row of the pass.
 */
function softVoteRow(row: usize, w: i32, width: i32, stride: i32, votes: usize, entropies: usize, pixel: usize): void {
  const scaleX = scaleOf(w, width)
  for (let ox = 0; ox < width; ox++) {
    const position = <f32>ox * scaleX
    const low = min(<i32>position, w - 1)
    const weight = position - <f32>low
    const a = at(row, low * stride)
    const b = at(row, min(low + 1, w - 1) * stride)
    const u = f32x4.splat(weight)
    const v = f32x4.splat(1 - weight)
    let best = blend(a, b, 0, u, v)
    v128.store(pixel, best)
    for (let c = 4; c < stride; c += 4) {
      const value = blend(a, b, c, u, v)
      v128.store(at(pixel, c), value)
      best = f32x4.pmax(best, value)
    }
    const entropy = at(entropies, ox)
    store<f32>(entropy, load<f32>(entropy) + addSoftmax(pixel, maximumOf(best), at(votes, ox * stride), stride))
  }
}

/** target += softmax(pixel); returns the softmax's entropy in nats. */
@inline
function addSoftmax(pixel: usize, maximum: f32, target: usize, stride: i32): f32 {
  const m = f32x4.splat(maximum)
  let sum = f32x4.splat(0)
  let weighted = f32x4.splat(0)
  for (let c = 0; c < stride; c += 4) {
    const d = f32x4.sub(v128.load(at(pixel, c)), m)
    const e = expOfNegative(d)
    v128.store(at(pixel, c), e)
    sum = f32x4.add(sum, e)
    weighted = multiplyAdd(d, e, weighted)
  }
  const total = sumOf(sum)
  const factor = f32x4.splat(1 / total)
  for (let c = 0; c < stride; c += 4) v128.store(at(target, c), multiplyAdd(v128.load(at(pixel, c)), factor, v128.load(at(target, c))))
  return f32x4.extract_lane(log4(f32x4.splat(total)), 0) - sumOf(weighted) / total
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

/** How far the largest of the sums of m softmaxes is ahead of the second, as probabilities. */
@inline
function marginOf(votes: usize, channels: i32, passes: i32): f32 {
  let first: f32 = 0
  let second: f32 = 0
  for (let c = 0; c < channels; c++) {
    const value = load<f32>(at(votes, c))
    second = max(second, min(first, value))
    first = max(first, value)
  }
  return (first - second) / <f32>passes
}

/**
 * Entropy of the mean softmax of logits [m, h, w, C], its margin, and its entropy less the passes' mean entropy: maps
 * [height, width], bands [start, end) of `bandRows` output rows. `scratch`: (w + width + 1) * stride + width floats for every band.
 */
export function softVotes(
  logits: usize, entropy: usize, margin: usize, disagreement: usize, passes: i32, h: i32, w: i32, channels: i32,
  height: i32, width: i32, scratch: usize, bandRows: i32, start: i32, end: i32,
): void {
  const stride = (channels + 3) & ~3
  const scaleY = scaleOf(h, height)
  for (let band = start; band < end; band++) {
    const row = at(scratch, band * ((w + width + 1) * stride + width))
    const votes = at(row, w * stride)
    const pixel = at(votes, width * stride)
    const entropies = at(pixel, stride)
    for (let oy = band * bandRows; oy < min((band + 1) * bandRows, height); oy++) {
      zero(votes, width * stride)
      zero(entropies, width)
      for (let pass = 0; pass < passes; pass++) {
        blendRows(at(logits, pass * h * w * channels), h, w, channels, <f32>oy * scaleY, row, stride)
        softVoteRow(row, w, width, stride, votes, entropies, pixel)
      }
      for (let ox = 0; ox < width; ox++) {
        const i = oy * width + ox
        const cell = at(votes, ox * stride)
        const together = softEntropy(cell, stride, passes)
        const own = (load<f32>(at(entropies, ox)) / <f32>passes) * BITS_PER_NAT
        store<f32>(at(entropy, i), together)
        store<f32>(at(margin, i), marginOf(cell, channels, passes))
        store<f32>(at(disagreement, i), max<f32>(together - own, 0))
      }
    }
  }
}
