/**
 * Depthwise convolution and its gradients, vectorised over channels. A pixel's taps are a list of pairs of addresses: the row
 * of channels that the tap reads, and the filter's row. Taps outside the image are not in the list.
 */
import { addToDoubles, at, multiplyAdd } from '../assembly/simd.as'
import { workspace } from '../assembly/workspace.as'

/**
 * x [N, H, W, C] -> y [N, H', W', C], from `bias` (or 0) on, clamped to floor..ceiling. `isRotated` turns the filter by 180
 * degrees, which makes this the gradient in x of a convolution of stride 1. Units: rows of y, of all images.
 */
export function depthwiseConvolve(
  x: usize, filter: usize, bias: usize, y: usize, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, stride: i32, top: i32, left: i32, dilation: i32, isRotated: bool,
  floor: f32, ceiling: f32, start: i32, end: i32,
): void {
  const taps = workspace()
  const pixelBytes = (<usize>channels) << 2
  const step = <usize>stride * pixelBytes
  const lastTap = filterHeight * filterWidth - 1
  // Columns of y whose taps all lie inside the image.
  const inner = firstInside(-left, stride)
  const innerEnd = endInside((filterWidth - 1) * dilation - left, stride, width, outWidth)
  for (let row = start; row < end; row++) {
    const firstY = (row % outHeight) * stride - top
    const image = at(x, row / outHeight * height * width * channels)
    let target = at(y, row * outWidth * channels)
    let count = 0
    for (let ox = 0; ox < outWidth;) {
      if (ox > inner && ox < innerEnd) {
        for (let t = 0; t < count; t += 2) store<u32>(at(taps, t), load<u32>(at(taps, t)) + <u32>step)
      } else {
        count = 0
        for (let ky = 0; ky < filterHeight; ky++) {
          const iy = firstY + ky * dilation
          if (iy < 0 || iy >= height) continue
          for (let kx = 0; kx < filterWidth; kx++) {
            const ix = ox * stride - left + kx * dilation
            if (ix < 0 || ix >= width) continue
            const tap = ky * filterWidth + kx
            store<u32>(at(taps, count), <u32>at(image, (iy * width + ix) * channels))
            store<u32>(at(taps, count + 1), <u32>at(filter, (isRotated ? lastTap - tap : tap) * channels))
            count += 2
          }
        }
      }
      if (ox >= inner && ox + 4 <= innerEnd) {
        sumFourPixels(taps, count, step, bias, target, channels, floor, ceiling)
        for (let t = 0; t < count; t += 2) store<u32>(at(taps, t), load<u32>(at(taps, t)) + 3 * <u32>step)
        target += 4 * pixelBytes
        ox += 4
      } else {
        sumPixel(taps, count, bias, target, 0, channels, floor, ceiling)
        target += pixelBytes
        ox++
      }
    }
  }
}

@inline
function clamp(value: v128, floor: f32, ceiling: f32): v128 {
  return f32x4.pmin(f32x4.pmax(value, f32x4.splat(floor)), f32x4.splat(ceiling))
}

/** Four pixels whose inputs lie `step` bytes apart: the filter is read once for all of them. */
function sumFourPixels(taps: usize, count: i32, step: usize, bias: usize, y: usize, channels: i32, floor: f32, ceiling: f32): void {
  const bytes = (<usize>channels) << 2
  const end = at(taps, count)
  let c = 0
  for (; c + 8 <= channels; c += 8) {
    let a0 = bias == 0 ? f32x4.splat(0) : v128.load(at(bias, c))
    let b0 = bias == 0 ? a0 : v128.load(at(bias, c), 16)
    let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0
    for (let t = taps; t < end; t += 8) {
      let p = at(<usize>load<u32>(t), c)
      const f = at(<usize>load<u32>(t, 4), c)
      const low = v128.load(f)
      const high = v128.load(f, 16)
      a0 = multiplyAdd(v128.load(p), low, a0)
      b0 = multiplyAdd(v128.load(p, 16), high, b0)
      p += step
      a1 = multiplyAdd(v128.load(p), low, a1)
      b1 = multiplyAdd(v128.load(p, 16), high, b1)
      p += step
      a2 = multiplyAdd(v128.load(p), low, a2)
      b2 = multiplyAdd(v128.load(p, 16), high, b2)
      p += step
      a3 = multiplyAdd(v128.load(p), low, a3)
      b3 = multiplyAdd(v128.load(p, 16), high, b3)
    }
    let target = at(y, c)
    v128.store(target, clamp(a0, floor, ceiling))
    v128.store(target, clamp(b0, floor, ceiling), 16)
    target += bytes
    v128.store(target, clamp(a1, floor, ceiling))
    v128.store(target, clamp(b1, floor, ceiling), 16)
    target += bytes
    v128.store(target, clamp(a2, floor, ceiling))
    v128.store(target, clamp(b2, floor, ceiling), 16)
    target += bytes
    v128.store(target, clamp(a3, floor, ceiling))
    v128.store(target, clamp(b3, floor, ceiling), 16)
  }
  if (c == channels) return
  for (let m = 0; m < 4; m++) {
    sumPixel(taps, count, bias, y + <usize>m * bytes, c, channels, floor, ceiling)
    for (let t = taps; t < end; t += 8) store<u32>(t, load<u32>(t) + <u32>step)
  }
  for (let t = taps; t < end; t += 8) store<u32>(t, load<u32>(t) - 4 * <u32>step)
}

/** Channels `c` to `channels` of one pixel. */
function sumPixel(taps: usize, count: i32, bias: usize, y: usize, c: i32, channels: i32, floor: f32, ceiling: f32): void {
  const end = at(taps, count)
  for (; c + 8 <= channels; c += 8) {
    let a = bias == 0 ? f32x4.splat(0) : v128.load(at(bias, c))
    let b = bias == 0 ? a : v128.load(at(bias, c), 16)
    for (let t = taps; t < end; t += 8) {
      const p = at(<usize>load<u32>(t), c)
      const f = at(<usize>load<u32>(t, 4), c)
      a = multiplyAdd(v128.load(p), v128.load(f), a)
      b = multiplyAdd(v128.load(p, 16), v128.load(f, 16), b)
    }
    v128.store(at(y, c), clamp(a, floor, ceiling))
    v128.store(at(y, c), clamp(b, floor, ceiling), 16)
  }
  for (; c < channels; c++) {
    let a: f32 = bias == 0 ? 0 : load<f32>(at(bias, c))
    for (let t = taps; t < end; t += 8) {
      a += load<f32>(at(<usize>load<u32>(t), c)) * load<f32>(at(<usize>load<u32>(t, 4), c))
    }
    store<f32>(at(y, c), min<f32>(max<f32>(a, floor), ceiling))
  }
}

/** dx [N, H, W, C] gathered from dy [N, H', W', C], at any stride. Units: rows of dx, of all images. */
export function depthwiseGradInput(
  dy: usize, filter: usize, dx: usize, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, stride: i32, padding: i32, dilation: i32, start: i32, end: i32,
): void {
  const taps = workspace()
  for (let row = start; row < end; row++) {
    const n = row / height
    const iy = row % height
    for (let ix = 0; ix < width; ix++) {
      // The output pixels that this input pixel went into.
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
      const target = at(dx, (row * width + ix) * channels)
      sumPixel(taps, count, 0, target, 0, channels, <f32>-Infinity, <f32>Infinity)
    }
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

/**
 * One dfilter [kh, kw, C] of doubles a chunk of `chunkRows` rows of dy, of all images: rows are summed in float32, across rows
 * in float64. Units: chunks.
 */
export function depthwiseGradFilter(
  x: usize, dy: usize, partials: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, stride: i32, padding: i32, dilation: i32, chunkRows: i32, start: i32, end: i32,
): void {
  const cells = filterHeight * filterWidth * channels
  for (let chunk = start; chunk < end; chunk++) {
    const sums = partials + ((<usize>(chunk * cells)) << 3)
    memory.fill(sums, 0, (<usize>cells) << 3)
    for (let row = chunk * chunkRows; row < min((chunk + 1) * chunkRows, batch * outHeight); row++) {
      const n = row / outHeight
      const oy = row % outHeight
      const dyRow = at(dy, row * outWidth * channels)
      // A group of 16 channels of the rows at hand stays in the nearest cache while all taps pass over it.
      for (let c = 0; c < channels; c += 16) {
        for (let ky = 0; ky < filterHeight; ky++) {
          const iy = oy * stride - padding + ky * dilation
          if (iy < 0 || iy >= height) continue
          const xRow = at(x, (n * height + iy) * width * channels)
          for (let kx = 0; kx < filterWidth; kx++) {
            const offset = kx * dilation - padding
            const first = firstInside(offset, stride)
            const last = endInside(offset, stride, width, outWidth)
            if (first >= last) continue
            const p = at(xRow, (first * stride + offset) * channels + c)
            const target = sums + ((<usize>((ky * filterWidth + kx) * channels + c)) << 3)
            addRow(p, at(dyRow, first * channels + c), last - first, stride * channels, channels, min(16, channels - c), target)
          }
        }
      }
    }
  }
}

/** dfilter from the sums of all chunks, in order. */
export function depthwiseGradFilterTotal(partials: usize, dfilter: usize, cells: i32, chunks: i32): void {
  for (let i = 0; i < cells; i++) {
    let sum: f64 = 0
    for (let k = 0; k < chunks; k++) sum += load<f64>(partials + ((<usize>(k * cells + i)) << 3))
    store<f32>(at(dfilter, i), <f32>sum)
  }
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
