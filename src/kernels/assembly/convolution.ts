/**
 * Filter gradient of a dense convolution as matrix products: for every tap, dW[tap] += X_tap^T dY, where X_tap is the input
 * as that tap sees it. Blocks of output pixels are packed into panels (4 inputs and 8 outputs wide, padded with zeros), so
 * that the inner loop reads memory in order and has no special cases.
 */
import { at, multiplyAdd, zero } from './simd'

const BLOCK: i32 = 256

/** Floats of scratch that `conv2dGradFilter` needs. */
export function conv2dGradFilterScratch(inputs: i32, outputs: i32): i32 {
  return BLOCK * (((inputs + 3) & ~3) + ((outputs + 7) & ~7)) + 32
}

/** dY rows start..end as [panel][pixel][8]. */
function packOutputs(dy: usize, panels: usize, start: i32, end: i32, outputs: i32): void {
  const count = end - start
  for (let o = 0; o < outputs; o += 8) {
    const panel = at(panels, (o >> 3) * BLOCK * 8)
    if (o + 8 <= outputs) {
      for (let p = 0; p < count; p++) {
        const source = at(dy, (start + p) * outputs + o)
        const target = at(panel, p << 3)
        v128.store(target, v128.load(source))
        v128.store(target, v128.load(source, 16), 16)
      }
    } else {
      zero(panel, count << 3)
      for (let p = 0; p < count; p++) {
        for (let k = o; k < outputs; k++) store<f32>(at(panel, (p << 3) + k - o), load<f32>(at(dy, (start + p) * outputs + k)))
      }
    }
  }
}

/** Inputs of output pixels start..end as tap (ky, kx) sees them, as [panel][pixel][4]; zero outside the image. */
function packInputs(
  x: usize, panels: usize, start: i32, end: i32, height: i32, width: i32, inputs: i32, outHeight: i32, outWidth: i32,
  stride: i32, offsetY: i32, offsetX: i32,
): void {
  let ox = start % outWidth
  let oy = (start / outWidth) % outHeight
  let n = start / (outWidth * outHeight)
  for (let p = 0; p < end - start; p++) {
    const iy = oy * stride + offsetY
    const ix = ox * stride + offsetX
    const isInside = iy >= 0 && iy < height && ix >= 0 && ix < width
    const source = at(x, ((n * height + iy) * width + ix) * inputs)
    for (let i = 0; i < inputs; i += 4) {
      const target = at(panels, i * BLOCK + (p << 2))
      if (!isInside) {
        v128.store(target, f32x4.splat(0))
      } else if (i + 4 <= inputs) {
        v128.store(target, v128.load(at(source, i)))
      } else {
        v128.store(target, f32x4.splat(0))
        for (let k = i; k < inputs; k++) store<f32>(at(target, k - i), load<f32>(at(source, k)))
      }
    }
    if (++ox == outWidth) {
      ox = 0
      if (++oy == outHeight) {
        oy = 0
        n++
      }
    }
  }
}

/** tile[4][8] = sum over pixels of xPanel[p][4]^T yPanel[p][8]. */
function multiplyPanels(xPanel: usize, yPanel: usize, count: i32, tile: usize): void {
  let a0 = f32x4.splat(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0
  const end = at(xPanel, count << 2)
  for (; xPanel < end; xPanel += 16, yPanel += 32) {
    const low = v128.load(yPanel)
    const high = v128.load(yPanel, 16)
    let s = v128.load32_splat(xPanel)
    a0 = multiplyAdd(s, low, a0)
    b0 = multiplyAdd(s, high, b0)
    s = v128.load32_splat(xPanel, 4)
    a1 = multiplyAdd(s, low, a1)
    b1 = multiplyAdd(s, high, b1)
    s = v128.load32_splat(xPanel, 8)
    a2 = multiplyAdd(s, low, a2)
    b2 = multiplyAdd(s, high, b2)
    s = v128.load32_splat(xPanel, 12)
    a3 = multiplyAdd(s, low, a3)
    b3 = multiplyAdd(s, high, b3)
  }
  v128.store(tile, a0)
  v128.store(tile, b0, 16)
  v128.store(tile, a1, 32)
  v128.store(tile, b1, 48)
  v128.store(tile, a2, 64)
  v128.store(tile, b2, 80)
  v128.store(tile, a3, 96)
  v128.store(tile, b3, 112)
}

/** Adds the valid part of a tile to dW[inputs][outputs] at (i, o). */
function addTile(tile: usize, target: usize, i: i32, o: i32, inputs: i32, outputs: i32): void {
  const rows = min(4, inputs - i)
  if (o + 8 <= outputs) {
    for (let r = 0; r < rows; r++) {
      const row = at(target, (i + r) * outputs + o)
      const source = tile + ((<usize>r) << 5)
      v128.store(row, f32x4.add(v128.load(row), v128.load(source)))
      v128.store(row, f32x4.add(v128.load(row, 16), v128.load(source, 16)), 16)
    }
    return
  }
  for (let r = 0; r < rows; r++) {
    for (let k = o; k < outputs; k++) {
      const cell = at(target, (i + r) * outputs + k)
      store<f32>(cell, load<f32>(cell) + load<f32>(at(tile, (r << 3) + k - o)))
    }
  }
}

/** x [N, H, W, I], dy [N, H', W', O] -> dfilter [kh, kw, I, O]. */
export function conv2dGradFilter(
  x: usize, dy: usize, dfilter: usize, batch: i32, height: i32, width: i32, inputs: i32, outHeight: i32, outWidth: i32, outputs: i32,
  filterHeight: i32, filterWidth: i32, stride: i32, padding: i32, dilation: i32, scratch: usize,
): void {
  const xPanels = scratch
  const yPanels = at(xPanels, BLOCK * ((inputs + 3) & ~3))
  const tile = at(yPanels, BLOCK * ((outputs + 7) & ~7))
  const pixels = batch * outHeight * outWidth
  zero(dfilter, filterHeight * filterWidth * inputs * outputs)
  for (let start = 0; start < pixels; start += BLOCK) {
    const end = min(start + BLOCK, pixels)
    packOutputs(dy, yPanels, start, end, outputs)
    for (let tap = 0; tap < filterHeight * filterWidth; tap++) {
      const offsetY = (tap / filterWidth) * dilation - padding
      const offsetX = (tap % filterWidth) * dilation - padding
      packInputs(x, xPanels, start, end, height, width, inputs, outHeight, outWidth, stride, offsetY, offsetX)
      const target = at(dfilter, tap * inputs * outputs)
      for (let i = 0; i < inputs; i += 4) {
        for (let o = 0; o < outputs; o += 8) {
          multiplyPanels(at(xPanels, i * BLOCK), at(yPanels, o * BLOCK), end - start, tile)
          addTile(tile, target, i, o, inputs, outputs)
        }
      }
    }
  }
}
