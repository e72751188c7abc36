import { at, zero } from '../assembly/simd.as'
import { blendPixel, scaleOf } from '../upsampling/bilinear.as'
import { blend, winner } from './committee.as'

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

/** Entropy of vote counts: the sum of table[count], where table[k] = -(k/m) log2(k/m). */
@inline
function hardEntropy(votes: usize, channels: i32, table: usize): f32 {
  let entropy: f32 = 0
  for (let c = 0; c < channels; c++) entropy += load<f32>(at(table, <i32>load<f32>(at(votes, c))))
  return entropy
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
