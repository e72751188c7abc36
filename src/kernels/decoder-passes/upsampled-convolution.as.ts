/** Maps are [h][w][channels] with channels a multiple of 4. */
import { at, multiplyAdd } from '../assembly/simd.as'
import { hash4, keptLanes } from '../layers/dropout.as'
import { scaleOf } from '../upsampling/bilinear.as'

/** Lower input sample of upsampled sample i. */
@inline
function lowOf(i: i32, scale: f32, input: i32): i32 {
  return min(<i32>(<f32>i * scale), input - 1)
}

/** Weight of input sample `first + j` in upsampled sample i; 0 when i lies outside. */
@inline
function weightOf(i: i32, output: i32, scale: f32, input: i32, first: i32, j: i32): f32 {
  if (i < 0 || i >= output) return 0
  const low = lowOf(i, scale, input)
  const weight = <f32>i * scale - <f32>low
  const slot = first + j - low
  return slot == 0 ? 1 - weight : slot == 1 ? weight : 0
}

/**
 * Rows [start, end) of y[n] = relu(bias + depthwise 3x3 of the upsampled z[n]), zero padding, for all items. An output
 * pixel depends on 3 x 3 input pixels at most; their weights, filter included, are the same for all items.
 */
export function upsampledDepthwise(
  z: usize, filter: usize, bias: usize, y: usize, items: i32, h: i32, w: i32, height: i32, width: i32, channels: i32,
  start: i32, end: i32,
): void {
  const scaleY = scaleOf(h, height)
  const scaleX = scaleOf(w, width)
  const inBytes = (<usize>(h * w * channels)) << 2
  const outBytes = (<usize>(height * width * channels)) << 2
  const zero = f32x4.splat(0)
  for (let oy = start; oy < end; oy++) {
    const r0 = lowOf(max(oy - 1, 0), scaleY, h)
    const y00 = f32x4.splat(weightOf(oy - 1, height, scaleY, h, r0, 0))
    const y01 = f32x4.splat(weightOf(oy - 1, height, scaleY, h, r0, 1))
    const y02 = f32x4.splat(weightOf(oy - 1, height, scaleY, h, r0, 2))
    const y10 = f32x4.splat(weightOf(oy, height, scaleY, h, r0, 0))
    const y11 = f32x4.splat(weightOf(oy, height, scaleY, h, r0, 1))
    const y12 = f32x4.splat(weightOf(oy, height, scaleY, h, r0, 2))
    const y20 = f32x4.splat(weightOf(oy + 1, height, scaleY, h, r0, 0))
    const y21 = f32x4.splat(weightOf(oy + 1, height, scaleY, h, r0, 1))
    const y22 = f32x4.splat(weightOf(oy + 1, height, scaleY, h, r0, 2))
    const r1 = min(r0 + 1, h - 1)
    const r2 = min(r0 + 2, h - 1)
    for (let ox = 0; ox < width; ox++) {
      const c0 = lowOf(max(ox - 1, 0), scaleX, w)
      const c1 = min(c0 + 1, w - 1)
      const c2 = min(c0 + 2, w - 1)
      for (let c = 0; c < channels; c += 4) {
        let g0 = zero, g1 = zero, g2 = zero, g3 = zero, g4 = zero, g5 = zero, g6 = zero, g7 = zero, g8 = zero
        for (let kx = 0; kx < 3; kx++) {
          const f0 = v128.load(at(filter, kx * channels + c))
          const f1 = v128.load(at(filter, (3 + kx) * channels + c))
          const f2 = v128.load(at(filter, (6 + kx) * channels + c))
          const t0 = multiplyAdd(f0, y00, multiplyAdd(f1, y10, f32x4.mul(f2, y20)))
          const t1 = multiplyAdd(f0, y01, multiplyAdd(f1, y11, f32x4.mul(f2, y21)))
          const t2 = multiplyAdd(f0, y02, multiplyAdd(f1, y12, f32x4.mul(f2, y22)))
          const x0 = f32x4.splat(weightOf(ox + kx - 1, width, scaleX, w, c0, 0))
          const x1 = f32x4.splat(weightOf(ox + kx - 1, width, scaleX, w, c0, 1))
          const x2 = f32x4.splat(weightOf(ox + kx - 1, width, scaleX, w, c0, 2))
          g0 = multiplyAdd(t0, x0, g0)
          g1 = multiplyAdd(t0, x1, g1)
          g2 = multiplyAdd(t0, x2, g2)
          g3 = multiplyAdd(t1, x0, g3)
          g4 = multiplyAdd(t1, x1, g4)
          g5 = multiplyAdd(t1, x2, g5)
          g6 = multiplyAdd(t2, x0, g6)
          g7 = multiplyAdd(t2, x1, g7)
          g8 = multiplyAdd(t2, x2, g8)
        }
        const b = v128.load(at(bias, c))
        let p0 = at(z, (r0 * w + c0) * channels + c)
        const d1 = (<usize>((c1 - c0) * channels)) << 2
        const d2 = (<usize>((c2 - c0) * channels)) << 2
        const row1 = (<usize>((r1 - r0) * w * channels)) << 2
        const row2 = (<usize>((r2 - r0) * w * channels)) << 2
        let q = at(y, (oy * width + ox) * channels + c)
        for (let n = 0; n < items; n++, p0 += inBytes, q += outBytes) {
          const p1 = p0 + row1
          const p2 = p0 + row2
          let top = multiplyAdd(v128.load(p0), g0, b)
          let middle = f32x4.mul(v128.load(p1), g3)
          let bottom = f32x4.mul(v128.load(p2), g6)
          top = multiplyAdd(v128.load(p0 + d1), g1, top)
          middle = multiplyAdd(v128.load(p1 + d1), g4, middle)
          bottom = multiplyAdd(v128.load(p2 + d1), g7, bottom)
          top = multiplyAdd(v128.load(p0 + d2), g2, top)
          middle = multiplyAdd(v128.load(p1 + d2), g5, middle)
          bottom = multiplyAdd(v128.load(p2 + d2), g8, bottom)
          v128.store(q, f32x4.pmax(f32x4.add(top, f32x4.add(middle, bottom)), zero))
        }
      }
    }
  }
}

/**
 * Rows [start, end) of y[n] = dropped relu(other + sum over the 3x3 taps k of the upsampled taps[.., k, ..],
 * shifted by k), zero outside. rows of all passes counted through, shared by all
 * when `isOtherShared`. taps [n][h][w][9][channels]; `scratch`: 72 numbers for every row.
 */
export function upsampledTaps(
  taps: usize, other: usize, isOtherShared: bool, y: usize, h: i32, w: i32, height: i32, width: i32, channels: i32,
  prefix: i32, firstPass: i32, threshold: i32, scale: f32, scratch: usize, start: i32, end: i32,
): void {
  const scaleY = scaleOf(h, height)
  const scaleX = scaleOf(w, width)
  const t = i32x4.splat(threshold)
  const s = f32x4.splat(scale)
  for (let row = start; row < end; row++) {
    const weights = at(scratch, 72 * row)
    const offsets = at(weights, 36)
    const pass = row / height
    const oy = row % height
    const key = hash4(i32x4.splat(prefix ^ (firstPass + pass)))
    const map = at(taps, pass * h * w * 9 * channels)
    const added = isOtherShared ? other : at(other, pass * height * width * channels)
    const target = at(y, pass * height * width * channels)
    for (let ox = 0; ox < width; ox++) {
      let count = 0
      for (let tap = 0; tap < 9; tap++) {
        const ty = oy + tap / 3 - 1
        const tx = ox + tap % 3 - 1
        if (ty < 0 || ty >= height || tx < 0 || tx >= width) continue
        const r = lowOf(ty, scaleY, h)
        const q = lowOf(tx, scaleX, w)
        const v = <f32>ty * scaleY - <f32>r
        const u = <f32>tx * scaleX - <f32>q
        for (let corner = 0; corner < 4; corner++) {
          const isLower = corner >= 2
          const isRight = (corner & 1) == 1
          const weight = (isLower ? v : 1 - v) * (isRight ? u : 1 - u)
          if (weight == 0) continue
          const pixel = min(isLower ? r + 1 : r, h - 1) * w + min(isRight ? q + 1 : q, w - 1)
          store<f32>(at(weights, count), weight)
          store<i32>(at(offsets, count), (pixel * 9 + tap) * channels)
          count++
        }
      }
      const pixel = (oy * width + ox) * channels
      for (let c = 0; c < channels; c += 4) {
        let sum = v128.load(at(added, pixel + c))
        for (let i = 0; i < count; i++) {
          sum = multiplyAdd(v128.load(at(map, load<i32>(at(offsets, i)) + c)), v128.load32_splat(at(weights, i)), sum)
        }
        const value = f32x4.mul(f32x4.pmax(sum, f32x4.splat(0)), s)
        v128.store(at(target, pixel + c), v128.and(value, keptLanes(key, pixel + c, t)))
      }
    }
  }
}
