/**
 * Filter gradient of a dense convolution as matrix products: for every tap, dW[tap] += X_tap^T dY, where X_tap is the input
 * as that tap sees it. Blocks of output pixels are packed into panels (4 inputs and 8 outputs wide, padded with zeros), so
 * that the inner loop reads memory in order and has no special cases. The pixels are cut into chunks, whose number depends on
 * the shape alone, and dW into groups of channels: each chunk sums its own dW, and these are added in order.
 */
import { at, multiplyAdd, zero } from '../assembly/simd.as'
import { workspace } from '../assembly/workspace.as'

/** Output pixels of a block. */
const BLOCK: i32 = 256
/** Inputs and outputs of a group: their panels share the workspace. */
const INPUTS: i32 = 64
const OUTPUTS: i32 = 128

/** dY of pixels start..end and channels first..last as [panel][pixel][8]. */
function packOutputs(dy: usize, panels: usize, start: i32, end: i32, outputs: i32, first: i32, last: i32): void {
  const count = end - start
  for (let o = first; o < last; o += 8) {
    const panel = at(panels, (o - first) * BLOCK)
    if (o + 8 <= last) {
      let source = at(dy, start * outputs + o)
      const bytes = (<usize>outputs) << 2
      for (let target = panel; target < at(panel, count << 3); target += 32, source += bytes) {
        v128.store(target, v128.load(source))
        v128.store(target, v128.load(source, 16), 16)
      }
    } else {
      zero(panel, count << 3)
      for (let p = 0; p < count; p++) {
        for (let k = o; k < last; k++) store<f32>(at(panel, (p << 3) + k - o), load<f32>(at(dy, (start + p) * outputs + k)))
      }
    }
  }
}

/** Channels first..last of the inputs of pixels start..end as a tap sees them, as [panel][pixel][4]; zero outside the image. */
function packInputs(
  x: usize, panels: usize, start: i32, end: i32, height: i32, width: i32, inputs: i32, outHeight: i32, outWidth: i32,
  stride: i32, offsetY: i32, offsetX: i32, first: i32, last: i32,
): void {
  let ox = start % outWidth
  let oy = (start / outWidth) % outHeight
  let n = start / (outWidth * outHeight)
  for (let p = 0; p < end - start; p++) {
    const iy = oy * stride + offsetY
    const ix = ox * stride + offsetX
    const isInside = iy >= 0 && iy < height && ix >= 0 && ix < width
    let source = at(x, ((n * height + iy) * width + ix) * inputs + first)
    let target = at(panels, p << 2)
    let i = first
    if (isInside) {
      for (; i + 4 <= last; i += 4, source += 16, target += BLOCK * 16) v128.store(target, v128.load(source))
    }
    for (; i < last; i += 4, source += 16, target += BLOCK * 16) {
      v128.store(target, f32x4.splat(0))
      if (isInside) memory.copy(target, source, (<usize>(last - i)) << 2)
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
  const pairsEnd = at(xPanel, (count & ~1) << 2)
  for (; xPanel < pairsEnd; xPanel += 32, yPanel += 64) {
    let low = v128.load(yPanel)
    let high = v128.load(yPanel, 16)
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
    low = v128.load(yPanel, 32)
    high = v128.load(yPanel, 48)
    s = v128.load32_splat(xPanel, 16)
    a0 = multiplyAdd(s, low, a0)
    b0 = multiplyAdd(s, high, b0)
    s = v128.load32_splat(xPanel, 20)
    a1 = multiplyAdd(s, low, a1)
    b1 = multiplyAdd(s, high, b1)
    s = v128.load32_splat(xPanel, 24)
    a2 = multiplyAdd(s, low, a2)
    b2 = multiplyAdd(s, high, b2)
    s = v128.load32_splat(xPanel, 28)
    a3 = multiplyAdd(s, low, a3)
    b3 = multiplyAdd(s, high, b3)
  }
  if (count & 1) {
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

/**
 * x [N, H, W, I], dy [N, H', W', O] -> one dW [kh, kw, I, O] a chunk of `chunkPixels` output pixels. Units: a chunk's groups of
 * 64 inputs and 128 outputs, chunks outermost.
 */
export function conv2dGradFilter(
  x: usize, dy: usize, partials: usize, batch: i32, height: i32, width: i32, inputs: i32, outHeight: i32, outWidth: i32, outputs: i32,
  filterHeight: i32, filterWidth: i32, stride: i32, padding: i32, dilation: i32, chunkPixels: i32, start: i32, end: i32,
): void {
  const xPanels = workspace()
  const yPanels = at(xPanels, BLOCK * INPUTS)
  const tile = at(yPanels, BLOCK * OUTPUTS)
  const taps = filterHeight * filterWidth
  const inputGroups = (inputs + INPUTS - 1) / INPUTS
  const outputGroups = (outputs + OUTPUTS - 1) / OUTPUTS
  const pixels = batch * outHeight * outWidth
  for (let unit = start; unit < end; unit++) {
    const chunk = unit / (inputGroups * outputGroups)
    const firstInput = (unit / outputGroups) % inputGroups * INPUTS
    const lastInput = min(firstInput + INPUTS, inputs)
    const firstOutput = unit % outputGroups * OUTPUTS
    const lastOutput = min(firstOutput + OUTPUTS, outputs)
    const dfilter = at(partials, chunk * taps * inputs * outputs)
    for (let row = 0; row < taps * inputs; row++) {
      const i = row % inputs
      if (i >= firstInput && i < lastInput) zero(at(dfilter, row * outputs + firstOutput), lastOutput - firstOutput)
    }
    const lastPixel = min((chunk + 1) * chunkPixels, pixels)
    for (let first = chunk * chunkPixels; first < lastPixel; first += BLOCK) {
      const last = min(first + BLOCK, lastPixel)
      packOutputs(dy, yPanels, first, last, outputs, firstOutput, lastOutput)
      for (let tap = 0; tap < taps; tap++) {
        const offsetY = (tap / filterWidth) * dilation - padding
        const offsetX = (tap % filterWidth) * dilation - padding
        packInputs(x, xPanels, first, last, height, width, inputs, outHeight, outWidth, stride, offsetY, offsetX, firstInput, lastInput)
        const target = at(dfilter, tap * inputs * outputs)
        for (let i = firstInput; i < lastInput; i += 4) {
          for (let o = firstOutput; o < lastOutput; o += 8) {
            multiplyPanels(at(xPanels, (i - firstInput) * BLOCK), at(yPanels, (o - firstOutput) * BLOCK), last - first, tile)
            addTile(tile, target, i, o, inputs, outputs)
          }
        }
      }
    }
  }
}

/** total[i] = sum over chunks, in order, of partials[chunk][i]. Units: elements. */
export function sumChunks(partials: usize, total: usize, size: i32, chunks: i32, start: i32, end: i32): void {
  let i = start
  for (; i + 4 <= end; i += 4) {
    let sum = v128.load(at(partials, i))
    for (let k = 1; k < chunks; k++) sum = f32x4.add(sum, v128.load(at(partials, k * size + i)))
    v128.store(at(total, i), sum)
  }
  for (; i < end; i++) {
    let sum = load<f32>(at(partials, i))
    for (let k = 1; k < chunks; k++) sum += load<f32>(at(partials, k * size + i))
    store<f32>(at(total, i), sum)
  }
}
