import { at, expOfNegative, maximumOf, multiplyAdd, sumOf, zero } from '../assembly/simd.as'
import { blendRows, scaleOf } from '../upsampling/bilinear.as'
import { blend } from './committee.as'

/** pixel[stride] becomes the softmax of the logits in it. */
@inline
function softmax(pixel: usize, stride: i32): void {
  let best = v128.load(pixel)
  for (let c = 4; c < stride; c += 4) best = f32x4.pmax(best, v128.load(at(pixel, c)))
  const m = f32x4.splat(maximumOf(best))
  let sum = f32x4.splat(0)
  for (let c = 0; c < stride; c += 4) {
    const e = expOfNegative(f32x4.sub(v128.load(at(pixel, c)), m))
    v128.store(at(pixel, c), e)
    sum = f32x4.add(sum, e)
  }
  const factor = f32x4.splat(1 / sumOf(sum))
  for (let c = 0; c < stride; c += 4) v128.store(at(pixel, c), f32x4.mul(v128.load(at(pixel, c)), factor))
}

/** target[stride] = sum over k of a[k] * cells[k][stride]. */
@inline
function weightedSum(cells: usize, a: usize, taps: i32, target: usize, stride: i32): void {
  for (let c = 0; c < stride; c += 4) {
    let sum = f32x4.splat(0)
    let cell = at(cells, c)
    for (let k = 0; k < taps; k++, cell += (<usize>stride) << 2) sum = multiplyAdd(v128.load(cell), v128.load32_splat(at(a, k)), sum)
    v128.store(at(target, c), sum)
  }
}

/**
 * Along the rows: of each row of [height, width], sums of uncertainty * softmax under the taps for every one of `columns` windows,
 * and behind them the sum of the softmaxes: rows[height][columns + 1][stride], stride = the channels rounded up to vectors. Bands
 * [start, end) of `bandRows` rows. `scratch`: (w + width) * stride floats for every band.
 */
export function classRows(
  logits: usize, uncertainty: usize, a: usize, rows: usize, h: i32, w: i32, channels: i32, height: i32, width: i32,
  taps: i32, columns: i32, spacing: i32, scratch: usize, bandRows: i32, start: i32, end: i32,
): void {
  const stride = (channels + 3) & ~3
  const scaleY = scaleOf(h, height)
  const scaleX = scaleOf(w, width)
  for (let band = start; band < end; band++) {
    const row = at(scratch, band * (w + width) * stride)
    const cells = at(row, w * stride)
    for (let oy = band * bandRows; oy < min((band + 1) * bandRows, height); oy++) {
      blendRows(logits, h, w, channels, <f32>oy * scaleY, row, stride)
      const target = at(rows, oy * (columns + 1) * stride)
      const total = at(target, columns * stride)
      zero(total, stride)
      for (let ox = 0; ox < width; ox++) {
        const position = <f32>ox * scaleX
        const low = min(<i32>position, w - 1)
        const weight = position - <f32>low
        const left = at(row, low * stride)
        const right = at(row, min(low + 1, w - 1) * stride)
        const u = f32x4.splat(weight)
        const v = f32x4.splat(1 - weight)
        const cell = at(cells, ox * stride)
        for (let c = 0; c < stride; c += 4) v128.store(at(cell, c), blend(left, right, c, u, v))
        softmax(cell, stride)
        const doubt = v128.load32_splat(at(uncertainty, oy * width + ox))
        for (let c = 0; c < stride; c += 4) {
          const p = v128.load(at(cell, c))
          v128.store(at(total, c), f32x4.add(v128.load(at(total, c)), p))
          v128.store(at(cell, c), f32x4.mul(p, doubt))
        }
      }
      for (let g = 0; g < columns; g++) {
        weightedSum(at(cells, min(g * spacing, width - taps) * stride), a, taps, at(target, g * stride), stride)
      }
    }
  }
}

/**
 * Along the columns: windows [start, end) of the result [windows + 1][channels], of which the last are the means of the softmaxes
 * over all pixels. `rows` as `classRows` left them.
 */
export function classColumns(
  rows: usize, a: usize, result: usize, channels: i32, height: i32, width: i32, taps: i32, columns: i32, windows: i32,
  spacing: i32, start: i32, end: i32,
): void {
  const stride = (channels + 3) & ~3
  const line = (columns + 1) * stride
  for (let i = start; i < end; i++) {
    const target = at(result, i * channels)
    if (i == windows) {
      for (let c = 0; c < channels; c++) {
        let sum: f64 = 0
        for (let y = 0; y < height; y++) sum += <f64>load<f32>(at(rows, y * line + columns * stride + c))
        store<f32>(at(target, c), <f32>(sum / (<f64>height * <f64>width)))
      }
      continue
    }
    const first = at(rows, min((i / columns) * spacing, height - taps) * line + (i % columns) * stride)
    for (let c = 0; c < channels; c++) {
      let sum: f64 = 0
      for (let k = 0; k < taps; k++) sum += <f64>load<f32>(at(first, k * line + c)) * <f64>load<f32>(at(a, k))
      store<f32>(at(target, c), <f32>sum)
    }
  }
}
