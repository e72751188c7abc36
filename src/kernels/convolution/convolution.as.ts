/**
 * Dense convolution and its gradient in x as one matrix product over addresses: for a block of output pixels a table holds, for
 * every four of them and every tap that touches the image, where those pixels' inputs lie. Each address leads to a row of
 * channels; pixels that a tap finds outside the image point to a row of zeros. So dilation, stride and padding cost nothing in
 * the inner loop, and nothing is gathered or spread beforehand.
 */
import { at, multiplyAdd } from '../assembly/simd.as'
import { workspace } from '../assembly/workspace.as'

/** Output pixels of a block: a unit of work. */
const BLOCK: i32 = 48
/** Bytes of a row of zeros, as long as the channels are many. */
const ZEROS: usize = 32 * 1024
/** Words of a tile's head: the number of its taps, and where its four pixels go. */
const HEAD: i32 = 5
/** Words of a tap: its offset in a panel, and its four pixels' rows. */
const TAP: i32 = 5

/** Filter [rows, outputs] as [group of 8 outputs][row][8], padded with zeros. Units: groups. */
export function packFilter(filter: usize, panels: usize, rows: i32, outputs: i32, start: i32, end: i32): void {
  for (let o = start << 3; o < end << 3; o += 8) {
    let target = at(panels, o * rows)
    let source = at(filter, o)
    const bytes = (<usize>outputs) << 2
    if (o + 8 <= outputs) {
      for (let k = 0; k < rows; k++, target += 32, source += bytes) {
        v128.store(target, v128.load(source))
        v128.store(target, v128.load(source, 16), 16)
      }
    } else {
      for (let k = 0; k < rows; k++, target += 32, source += bytes) {
        for (let c = 0; c < 8; c++) store<f32>(at(target, c), o + c < outputs ? load<f32>(at(source, c)) : 0)
      }
    }
  }
}

/** Filter [taps, inputs, outputs] as [group of 8 inputs][tap][output][8], padded with zeros. Units: groups. */
export function packTransposedFilter(
  filter: usize, panels: usize, taps: i32, inputs: i32, outputs: i32, start: i32, end: i32,
): void {
  for (let i = start << 3; i < end << 3; i += 8) {
    let target = at(panels, i * taps * outputs)
    for (let tap = 0; tap < taps; tap++) {
      const source = at(filter, (tap * inputs + i) * outputs)
      for (let k = 0; k < outputs; k++, target += 32) {
        for (let c = 0; c < 8; c++) store<f32>(at(target, c), i + c < inputs ? load<f32>(at(source, c * outputs + k)) : 0)
      }
    }
  }
}

/** Four pixels by eight channels: the sum over a tile's taps of their rows times the panel, from `bias` on, to four rows. */
function multiplyTile(
  tile: usize, channels: i32, panel: usize, bias: usize, isClamped: bool, floor: f32, ceiling: f32,
  y0: usize, y1: usize, y2: usize, y3: usize,
): void {
  let a0 = v128.load(bias), b0 = v128.load(bias, 16), a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0
  const pairs = (<usize>(channels & ~1)) << 2
  let tap = at(tile, HEAD)
  const lastTap = at(tap, load<u32>(tile) * TAP)
  for (; tap < lastTap; tap += 4 * TAP) {
    let p = panel + <usize>load<u32>(tap)
    let x0 = <usize>load<u32>(tap, 4)
    let x1 = <usize>load<u32>(tap, 8)
    let x2 = <usize>load<u32>(tap, 12)
    let x3 = <usize>load<u32>(tap, 16)
    for (const end = x0 + pairs; x0 < end; p += 64, x0 += 8, x1 += 8, x2 += 8, x3 += 8) {
      let low = v128.load(p)
      let high = v128.load(p, 16)
      let s = v128.load32_splat(x0)
      a0 = multiplyAdd(s, low, a0)
      b0 = multiplyAdd(s, high, b0)
      s = v128.load32_splat(x1)
      a1 = multiplyAdd(s, low, a1)
      b1 = multiplyAdd(s, high, b1)
      s = v128.load32_splat(x2)
      a2 = multiplyAdd(s, low, a2)
      b2 = multiplyAdd(s, high, b2)
      s = v128.load32_splat(x3)
      a3 = multiplyAdd(s, low, a3)
      b3 = multiplyAdd(s, high, b3)
      low = v128.load(p, 32)
      high = v128.load(p, 48)
      s = v128.load32_splat(x0, 4)
      a0 = multiplyAdd(s, low, a0)
      b0 = multiplyAdd(s, high, b0)
      s = v128.load32_splat(x1, 4)
      a1 = multiplyAdd(s, low, a1)
      b1 = multiplyAdd(s, high, b1)
      s = v128.load32_splat(x2, 4)
      a2 = multiplyAdd(s, low, a2)
      b2 = multiplyAdd(s, high, b2)
      s = v128.load32_splat(x3, 4)
      a3 = multiplyAdd(s, low, a3)
      b3 = multiplyAdd(s, high, b3)
    }
    if (channels & 1) {
      const low = v128.load(p)
      const high = v128.load(p, 16)
      let s = v128.load32_splat(x0)
      a0 = multiplyAdd(s, low, a0)
      b0 = multiplyAdd(s, high, b0)
      s = v128.load32_splat(x1)
      a1 = multiplyAdd(s, low, a1)
      b1 = multiplyAdd(s, high, b1)
      s = v128.load32_splat(x2)
      a2 = multiplyAdd(s, low, a2)
      b2 = multiplyAdd(s, high, b2)
      s = v128.load32_splat(x3)
      a3 = multiplyAdd(s, low, a3)
      b3 = multiplyAdd(s, high, b3)
    }
  }
  if (isClamped) {
    const low = f32x4.splat(floor)
    const high = f32x4.splat(ceiling)
    a0 = f32x4.pmin(f32x4.pmax(a0, low), high)
    b0 = f32x4.pmin(f32x4.pmax(b0, low), high)
    a1 = f32x4.pmin(f32x4.pmax(a1, low), high)
    b1 = f32x4.pmin(f32x4.pmax(b1, low), high)
    a2 = f32x4.pmin(f32x4.pmax(a2, low), high)
    b2 = f32x4.pmin(f32x4.pmax(b2, low), high)
    a3 = f32x4.pmin(f32x4.pmax(a3, low), high)
    b3 = f32x4.pmin(f32x4.pmax(b3, low), high)
  }
  v128.store(y0, a0)
  v128.store(y0, b0, 16)
  v128.store(y1, a1)
  v128.store(y1, b1, 16)
  v128.store(y2, a2)
  v128.store(y2, b2, 16)
  v128.store(y3, a3)
  v128.store(y3, b3, 16)
}

/** Multiplies the tiles of a table with every group of 8 output channels. `bias`: outputs floats, or 0. */
function multiplyBlock(
  table: usize, tileBytes: usize, pixels: i32, channels: i32, rows: i32, panels: usize, bias: usize, outputs: i32,
  isClamped: bool, floor: f32, ceiling: f32,
): void {
  const zeros = workspace()
  const corner = zeros + ZEROS
  for (let o = 0; o < outputs; o += 8) {
    const panel = at(panels, o * rows)
    const columns = min(8, outputs - o)
    const start = bias == 0 ? zeros : columns == 8 ? at(bias, o) : corner + 128
    if (bias != 0 && columns < 8) memory.copy(start, at(bias, o), (<usize>columns) << 2)
    let tile = table
    for (let p = 0; p < pixels; p += 4, tile += tileBytes) {
      if (columns == 8 && p + 4 <= pixels) {
        multiplyTile(
          tile, channels, panel, start, isClamped, floor, ceiling,
          at(load<u32>(tile, 4), o), at(load<u32>(tile, 8), o), at(load<u32>(tile, 12), o), at(load<u32>(tile, 16), o),
        )
        continue
      }
      // At the rim the tile is computed aside and its valid part copied.
      multiplyTile(tile, channels, panel, start, isClamped, floor, ceiling, corner, corner + 32, corner + 64, corner + 96)
      for (let m = 0; m < min(4, pixels - p); m++) {
        memory.copy(at(load<u32>(at(tile, 1 + m)), o), corner + ((<usize>m) << 5), (<usize>columns) << 2)
      }
    }
  }
}

/** Readies the row of zeros and says where notes begin of the rows and columns that taps see; the table lies behind them. */
@inline
function notesStart(channels: i32): usize {
  memory.fill(workspace(), 0, (<usize>max(channels, 8)) << 2)
  return workspace() + ZEROS + 160
}

/**
 * Writes a tile's taps from the notes. These hold, for every row of taps, where the rows begin that the tile's four pixels see;
 * then, for every column of taps, how many bytes further their columns lie. -1 stands for what is outside the image.
 */
function fillTaps(tile: usize, notes: usize, filterHeight: i32, filterWidth: i32, channels: i32): void {
  const columns = notes + ((<usize>filterHeight) << 4)
  const zeros = i32x4.splat(<i32>workspace())
  const outside = i32x4.splat(-1)
  let tap = at(tile, HEAD)
  for (let ky = 0; ky < filterHeight; ky++) {
    const row = v128.load(notes + ((<usize>ky) << 4))
    const rowInside = i32x4.ne(row, outside)
    if (!v128.any_true(rowInside)) continue
    for (let kx = 0; kx < filterWidth; kx++) {
      const column = v128.load(columns + ((<usize>kx) << 4))
      const inside = v128.and(rowInside, i32x4.ne(column, outside))
      if (!v128.any_true(inside)) continue
      store<u32>(tap, ((ky * filterWidth + kx) * channels) << 5)
      v128.store(tap, v128.bitselect(i32x4.add(row, column), zeros, inside), 4)
      tap = at(tap, TAP)
    }
  }
  store<u32>(tile, <u32>(tap - at(tile, HEAD)) / (4 * TAP))
}

/**
 * x [N, H, W, I] and a packed filter -> y [N, H', W', O], from `bias` (or 0) on, clamped when `isClamped`. Units: blocks of 48
 * output pixels.
 */
export function convolve(
  x: usize, panels: usize, bias: usize, y: usize, batch: i32, height: i32, width: i32, inputs: i32,
  outHeight: i32, outWidth: i32, outputs: i32, filterHeight: i32, filterWidth: i32, stride: i32, top: i32, left: i32, dilation: i32,
  isClamped: bool, floor: f32, ceiling: f32, start: i32, end: i32,
): void {
  const taps = filterHeight * filterWidth
  const tileBytes = (<usize>(HEAD + TAP * taps)) << 2
  const notes = notesStart(inputs)
  const table = notes + ((<usize>(filterHeight + filterWidth)) << 4)
  const pixels = batch * outHeight * outWidth
  for (let first = start * BLOCK; first < min(end * BLOCK, pixels); first += BLOCK) {
    const last = min(first + BLOCK, pixels)
    let tile = table
    for (let p = first; p < last; p += 4, tile += tileBytes) {
      for (let m = 0; m < 4; m++) {
        const q = min(p + m, last - 1)
        const row = q / outWidth
        const image = row / outHeight
        store<u32>(at(tile, 1 + m), <u32>at(y, (p + m) * outputs))
        let note = at(notes, m)
        let iy = (row - image * outHeight) * stride - top
        for (let ky = 0; ky < filterHeight; ky++, iy += dilation, note += 16) {
          const isInside = iy >= 0 && iy < height
          store<u32>(note, isInside ? <u32>at(x, (image * height + iy) * width * inputs) : -1)
        }
        let ix = (q - row * outWidth) * stride - left
        for (let kx = 0; kx < filterWidth; kx++, ix += dilation, note += 16) {
          store<i32>(note, ix >= 0 && ix < width ? (ix * inputs) << 2 : -1)
        }
      }
      fillTaps(tile, notes, filterHeight, filterWidth, inputs)
    }
    multiplyBlock(table, tileBytes, last - first, inputs, taps * inputs, panels, bias, outputs, isClamped, floor, ceiling)
  }
}

/** The `q`-th column of a row in the order of a strided gradient: first those that the same taps reach. */
@inline
function columnInPhases(q: i32, width: i32, stride: i32): i32 {
  let phase = 0
  for (; phase < stride; phase++) {
    const count = (width - phase + stride - 1) / stride
    if (q < count) break
    q -= count
  }
  return q * stride + phase
}

/** The place of the sample that `reach` pixels of a walk by `stride` lead to, or -1 between and outside the samples. */
@inline
function sampleAt(reach: i32, stride: i32, extent: i32): i32 {
  const sample = reach / stride
  return reach >= 0 && sample < extent && sample * stride == reach ? sample : -1
}

/**
 * dy [N, H', W', O] and a packed transposed filter -> dx [N, H, W, I]. Four neighbours of one phase share a tile, so that of a
 * stride's taps only those are multiplied that reach them. Units: blocks of 48 pixels of x.
 */
export function convolveBack(
  dy: usize, panels: usize, dx: usize, batch: i32, height: i32, width: i32, inputs: i32, outHeight: i32, outWidth: i32, outputs: i32,
  filterHeight: i32, filterWidth: i32, stride: i32, padding: i32, dilation: i32, start: i32, end: i32,
): void {
  const taps = filterHeight * filterWidth
  const tileBytes = (<usize>(HEAD + TAP * taps)) << 2
  const notes = notesStart(outputs)
  const table = notes + ((<usize>(filterHeight + filterWidth)) << 4)
  const pixels = batch * height * width
  for (let first = start * BLOCK; first < min(end * BLOCK, pixels); first += BLOCK) {
    const last = min(first + BLOCK, pixels)
    let tile = table
    for (let p = first; p < last; p += 4, tile += tileBytes) {
      for (let m = 0; m < 4; m++) {
        const q = min(p + m, last - 1)
        const row = q / width
        const image = row / height
        const column = columnInPhases(q - row * width, width, stride)
        store<u32>(at(tile, 1 + m), <u32>at(dx, (row * width + column) * inputs))
        let note = at(notes, m)
        let reach = row - image * height + padding
        for (let ky = 0; ky < filterHeight; ky++, reach -= dilation, note += 16) {
          const oy = sampleAt(reach, stride, outHeight)
          store<u32>(note, oy >= 0 ? <u32>at(dy, (image * outHeight + oy) * outWidth * outputs) : -1)
        }
        reach = column + padding
        for (let kx = 0; kx < filterWidth; kx++, reach -= dilation, note += 16) {
          const ox = sampleAt(reach, stride, outWidth)
          store<i32>(note, ox >= 0 ? (ox * outputs) << 2 : -1)
        }
      }
      fillTaps(tile, notes, filterHeight, filterWidth, outputs)
    }
    multiplyBlock(table, tileBytes, last - first, outputs, taps * outputs, panels, 0, inputs, false, 0, 0)
  }
}
