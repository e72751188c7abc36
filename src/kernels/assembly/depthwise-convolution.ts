/** Gradients of a depthwise convolution, vectorised over channels. */
import { addToDoubles, at, multiplyAdd } from './simd'

/** dx [N, H, W, C] gathered from dy [N, H', W', C]. `taps`: 2 * filterHeight * filterWidth words. */
export function depthwiseGradInput(
  dy: usize, filter: usize, dx: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, stride: i32, padding: i32, dilation: i32, taps: usize,
): void {
  for (let n = 0; n < batch; n++) {
    for (let iy = 0; iy < height; iy++) {
      for (let ix = 0; ix < width; ix++) {
        // The output pixels that this input pixel went into, as addresses of their dy and of the tap's filter row.
        let count = 0
        for (let ky = 0; ky < filterHeight; ky++) {
          const sy = iy + padding - ky * dilation
          const oy = sy / stride
          if (sy < 0 || oy >= outHeight || oy * stride != sy) continue
          for (let kx = 0; kx < filterWidth; kx++) {
            const sx = ix + padding - kx * dilation
            const ox = sx / stride
            if (sx < 0 || ox >= outWidth || ox * stride != sx) continue
            store<u32>(at(taps, count), <u32>at(dy, ((n * outHeight + oy) * outWidth + ox) * channels))
            store<u32>(at(taps, count + 1), <u32>at(filter, (ky * filterWidth + kx) * channels))
            count += 2
          }
        }
        sumTaps(taps, count, at(dx, ((n * height + iy) * width + ix) * channels), channels)
      }
    }
  }
}

/** output[c] = sum over taps of dy[c] * filter[c]. */
function sumTaps(taps: usize, count: i32, output: usize, channels: i32): void {
  let c = 0
  for (; c + 16 <= channels; c += 16) {
    let a = f32x4.splat(0), b = a, d = a, e = a
    for (let t = 0; t < count; t += 2) {
      const g = at(load<u32>(at(taps, t)), c)
      const f = at(load<u32>(at(taps, t + 1)), c)
      a = multiplyAdd(v128.load(g), v128.load(f), a)
      b = multiplyAdd(v128.load(g, 16), v128.load(f, 16), b)
      d = multiplyAdd(v128.load(g, 32), v128.load(f, 32), d)
      e = multiplyAdd(v128.load(g, 48), v128.load(f, 48), e)
    }
    v128.store(at(output, c), a)
    v128.store(at(output, c), b, 16)
    v128.store(at(output, c), d, 32)
    v128.store(at(output, c), e, 48)
  }
  for (; c + 4 <= channels; c += 4) {
    let a = f32x4.splat(0)
    for (let t = 0; t < count; t += 2) {
      a = multiplyAdd(v128.load(at(load<u32>(at(taps, t)), c)), v128.load(at(load<u32>(at(taps, t + 1)), c)), a)
    }
    v128.store(at(output, c), a)
  }
  for (; c < channels; c++) {
    let a: f32 = 0
    for (let t = 0; t < count; t += 2) a += load<f32>(at(load<u32>(at(taps, t)), c)) * load<f32>(at(load<u32>(at(taps, t + 1)), c))
    store<f32>(at(output, c), a)
  }
}

/** Smallest output index whose input index `o * stride + offset` is not negative. */
@inline
function firstInside(offset: i32, stride: i32): i32 {
  return offset >= 0 ? 0 : (stride - 1 - offset) / stride
}

/** One past the largest output index whose input index is below `extent`. */
@inline
function endInside(offset: i32, stride: i32, extent: i32, outExtent: i32): i32 {
  return offset >= extent ? 0 : min(outExtent, (extent - 1 - offset) / stride + 1)
}

/** dfilter [kh, kw, C]: rows are summed in float32, across rows in float64. `sums`: filterHeight * filterWidth * channels doubles. */
export function depthwiseGradFilter(
  x: usize, dy: usize, dfilter: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, stride: i32, padding: i32, dilation: i32, sums: usize,
): void {
  const cells = filterHeight * filterWidth * channels
  memory.fill(sums, 0, (<usize>cells) << 3)
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const dyRow = at(dy, (n * outHeight + oy) * outWidth * channels)
      // A group of 16 channels of the rows at hand stays in the nearest cache while all taps pass over it.
      for (let c = 0; c < channels; c += 16) {
        for (let ky = 0; ky < filterHeight; ky++) {
          const iy = oy * stride - padding + ky * dilation
          if (iy < 0 || iy >= height) continue
          const xRow = at(x, (n * height + iy) * width * channels)
          for (let kx = 0; kx < filterWidth; kx++) {
            const offset = kx * dilation - padding
            const first = firstInside(offset, stride)
            const end = endInside(offset, stride, width, outWidth)
            if (first >= end) continue
            const p = at(xRow, (first * stride + offset) * channels + c)
            const target = sums + ((<usize>((ky * filterWidth + kx) * channels + c)) << 3)
            addRow(p, at(dyRow, first * channels + c), end - first, stride * channels, channels, min(16, channels - c), target)
          }
        }
      }
    }
  }
  for (let i = 0; i < cells; i++) store<f32>(at(dfilter, i), <f32>load<f64>(sums + ((<usize>i) << 3)))
}

/** sums[c] += sum over `count` pixels of x[c] * dy[c] for up to 16 channels; pixels lie xStep and dyStep floats apart. */
function addRow(x: usize, dy: usize, count: i32, xStep: i32, dyStep: i32, channels: i32, sums: usize): void {
  const xBytes = (<usize>xStep) << 2
  const dyBytes = (<usize>dyStep) << 2
  if (channels == 16) {
    let a = f32x4.splat(0), b = a, d = a, e = a
    for (let i = 0; i < count; i++, x += xBytes, dy += dyBytes) {
      a = multiplyAdd(v128.load(x), v128.load(dy), a)
      b = multiplyAdd(v128.load(x, 16), v128.load(dy, 16), b)
      d = multiplyAdd(v128.load(x, 32), v128.load(dy, 32), d)
      e = multiplyAdd(v128.load(x, 48), v128.load(dy, 48), e)
    }
    addToDoubles(sums, a)
    addToDoubles(sums + 32, b)
    addToDoubles(sums + 64, d)
    addToDoubles(sums + 96, e)
    return
  }
  let c = 0
  for (; c + 4 <= channels; c += 4) {
    let a = f32x4.splat(0)
    let p = at(x, c)
    let q = at(dy, c)
    for (let i = 0; i < count; i++, p += xBytes, q += dyBytes) a = multiplyAdd(v128.load(p), v128.load(q), a)
    addToDoubles(sums + ((<usize>c) << 3), a)
  }
  for (; c < channels; c++) {
    let a: f64 = 0
    let p = at(x, c)
    let q = at(dy, c)
    for (let i = 0; i < count; i++, p += xBytes, q += dyBytes) a += <f64>load<f32>(p) * <f64>load<f32>(q)
    const target = sums + ((<usize>c) << 3)
    store<f64>(target, load<f64>(target) + a)
  }
}
