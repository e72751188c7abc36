/**
 * Per-pixel statistics of upsampled logits. An output row is made in two steps: the two input rows are blended once, then
 * every pixel is blended from two neighbours, in registers; nothing of full size but the results is ever stored.
 */
import { blendPixel, blendRows, scaleOf } from '../upsampling/bilinear.as'
import { at, expOfNegative, log4, maximumOf, multiplyAdd, sumOf, zero } from '../assembly/simd.as'

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

/** Class with the largest logit of each of the pixels [start, end), the lowest of equals, as 16 bits: winners[pixels]. */
export function passWinners(logits: usize, winners: usize, channels: i32, start: i32, end: i32): void {
  for (let i = start; i < end; i++) {
    const pixel = at(logits, i * channels)
    let class_ = 0
    if (channels >= 4) {
      let lanes = i32x4(0, 1, 2, 3)
      let best = v128.load(pixel)
      let index = lanes
      let c = 4
      for (; c + 4 <= channels; c += 4) {
        const value = v128.load(at(pixel, c))
        const isBetter = f32x4.gt(value, best)
        lanes = i32x4.add(lanes, i32x4.splat(4))
        best = v128.bitselect(value, best, isBetter)
        index = v128.bitselect(lanes, index, isBetter)
      }
      class_ = winner(best, index)
    }
    for (let c = channels < 4 ? 1 : channels & ~3; c < channels; c++) {
      if (load<f32>(at(pixel, c)) > load<f32>(at(pixel, class_))) class_ = c
    }
    store<u16>(winners + ((<usize>i) << 1), <u16>class_)
  }
}

@inline
function winnerAt(winners: usize, pixel: i32): i32 {
  return load<u16>(winners + ((<usize>pixel) << 1))
}

/**
 * Adds one pass's votes of an output row to votes[width][stride]. Between four pixels with the same winner that class wins
 * everywhere, blended or not; elsewhere the logits are blended. `columns`: two pixels of `stride` floats.
 */
function voteRow(
  logits: usize, winners: usize, h: i32, w: i32, channels: i32, y: f32, width: i32, stride: i32, votes: usize, columns: usize,
): void {
  const scaleX = scaleOf(w, width)
  const top = min(<i32>y, h - 1)
  const bottom = min(top + 1, h - 1)
  const weightY = y - <f32>top
  let left = -1
  let agreed = -1
  for (let ox = 0; ox < width; ox++) {
    const position = <f32>ox * scaleX
    const low = min(<i32>position, w - 1)
    if (low != left) {
      left = low
      const right = min(low + 1, w - 1)
      agreed = winnerAt(winners, top * w + left)
      const isShared =
        agreed == winnerAt(winners, top * w + right) &&
        agreed == winnerAt(winners, bottom * w + left) &&
        agreed == winnerAt(winners, bottom * w + right)
      if (!isShared) {
        agreed = -1
        blendPixel(at(logits, (top * w + left) * channels), at(logits, (bottom * w + left) * channels), channels, weightY, columns, stride)
        blendPixel(at(logits, (top * w + right) * channels), at(logits, (bottom * w + right) * channels), channels, weightY, at(columns, stride), stride)
      }
    }
    let class_ = agreed
    if (class_ < 0) {
      const weight = position - <f32>low
      const u = f32x4.splat(weight)
      const v = f32x4.splat(1 - weight)
      const b = at(columns, stride)
      let best = blend(columns, b, 0, u, v)
      let lanes = i32x4(0, 1, 2, 3)
      let index = lanes
      for (let c = 4; c < stride; c += 4) {
        const value = blend(columns, b, c, u, v)
        const isBetter = f32x4.gt(value, best)
        lanes = i32x4.add(lanes, i32x4.splat(4))
        best = v128.bitselect(value, best, isBetter)
        index = v128.bitselect(lanes, index, isBetter)
      }
      class_ = winner(best, index)
    }
    const cell = at(votes, ox * stride + class_)
    store<f32>(cell, load<f32>(cell) + 1)
  }
}

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
 * Vote entropy [height, width] of logits [m, h, w, C], bands [start, end) of `bandRows` output rows.
 * `winners`: of all m passes; `table`: m + 1 floats, see `hardEntropy`; `scratch`: (width + 2) * stride floats for every band,
 * stride = C rounded up to 4.
 */
export function voteEntropy(
  logits: usize, winners: usize, map: usize, passes: i32, h: i32, w: i32, channels: i32, height: i32, width: i32,
  table: usize, scratch: usize, bandRows: i32, start: i32, end: i32,
): void {
  const stride = (channels + 3) & ~3
  const scaleY = scaleOf(h, height)
  for (let band = start; band < end; band++) {
    const columns = at(scratch, band * (width + 2) * stride)
    const votes = at(columns, 2 * stride)
    for (let oy = band * bandRows; oy < min((band + 1) * bandRows, height); oy++) {
      zero(votes, width * stride)
      for (let pass = 0; pass < passes; pass++) {
        const first = pass * h * w
        const own = winners + ((<usize>first) << 1)
        voteRow(at(logits, first * channels), own, h, w, channels, <f32>oy * scaleY, width, stride, votes, columns)
      }
      for (let ox = 0; ox < width; ox++) {
        store<f32>(at(map, oy * width + ox), hardEntropy(at(votes, ox * stride), channels, table))
      }
    }
  }
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
