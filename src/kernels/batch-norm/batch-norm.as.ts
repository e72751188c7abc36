/**
 * Batch normalisation of rows x channels. Memory is read in order, row by row, with the per-channel numbers beside it in
 * the cache. Sums run in float32 over a block of rows and in float64 across the blocks of a chunk and across chunks; chunks
 * depend on the shape alone, so the sums are the same however many threads took them. Channels beyond the last full vector
 * are done one by one.
 */
import { addToDoubles, at, multiplyAdd, zero } from '../assembly/simd.as'

/** Rows of a block, a multiple of 4. */
const BLOCK: i32 = 64

@inline
function doubleAt(base: usize, index: i32): usize {
  return base + ((<usize>index) << 3)
}

/** Bytes of one chunk's partial sums: two doubles and two floats a channel. */
@inline
function partialBytes(channels: i32): usize {
  return (<usize>channels) * 24
}

/** Adds `count` floats to doubles and clears them. */
function flush(sums: usize, doubles: usize, count: i32): void {
  let i = 0
  for (; i + 4 <= count; i += 4) addToDoubles(doubleAt(doubles, i), v128.load(at(sums, i)))
  for (; i < count; i++) {
    const target = doubleAt(doubles, i)
    store<f64>(target, load<f64>(target) + <f64>load<f32>(at(sums, i)))
  }
  zero(sums, count)
}

/** Sum of double `index` over all chunks, in order. */
function sumOfChunks(partials: usize, chunks: i32, channels: i32, index: i32): f64 {
  let sum: f64 = 0
  for (let k = 0; k < chunks; k++) sum += load<f64>(doubleAt(partials + (<usize>k) * partialBytes(channels), index))
  return sum
}

/**
 * Sums and squares of chunks `start` to `end`, of `chunkRows` rows each. Values are taken relative to the first row, so that
 * a mean far from 0 costs no digits. `partials`: 24 * channels bytes a chunk.
 */
export function batchNormPartials(
  x: usize, partials: usize, rows: i32, channels: i32, chunkRows: i32, start: i32, end: i32,
): void {
  for (let chunk = start; chunk < end; chunk++) {
    const doubles = partials + (<usize>chunk) * partialBytes(channels)
    const sums = doubleAt(doubles, 2 * channels)
    const squares = at(sums, channels)
    memory.fill(doubles, 0, partialBytes(channels))
    const last = min((chunk + 1) * chunkRows, rows)
    for (let first = chunk * chunkRows; first < last; first += BLOCK) {
      const blockEnd = min(first + BLOCK, last)
      let r = first
      for (; r + 4 <= blockEnd; r += 4) addFourRows(x, at(x, r * channels), channels, sums, squares)
      for (; r < blockEnd; r++) addRow(x, at(x, r * channels), 0, channels, sums, squares)
      flush(sums, doubles, channels)
      flush(squares, doubleAt(doubles, channels), channels)
    }
  }
}

/** Mean and biased variance of each channel from the sums of all chunks. */
export function batchNormMoments(
  x: usize, partials: usize, chunks: i32, mean: usize, variance: usize, rows: i32, channels: i32,
): void {
  for (let c = 0; c < channels; c++) {
    const shifted = sumOfChunks(partials, chunks, channels, c) / <f64>rows
    const square = sumOfChunks(partials, chunks, channels, channels + c) / <f64>rows
    store<f32>(at(mean, c), <f32>(<f64>load<f32>(at(x, c)) + shifted))
    store<f32>(at(variance, c), <f32>max(square - shifted * shifted, 0))
  }
}

function addFourRows(origin: usize, row: usize, channels: i32, sums: usize, squares: usize): void {
  const bytes = (<usize>channels) << 2
  let c = 0
  for (; c + 4 <= channels; c += 4) {
    const p = at(row, c)
    const o = v128.load(at(origin, c))
    const d0 = f32x4.sub(v128.load(p), o)
    const d1 = f32x4.sub(v128.load(p + bytes), o)
    const d2 = f32x4.sub(v128.load(p + bytes * 2), o)
    const d3 = f32x4.sub(v128.load(p + bytes * 3), o)
    const sum = f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3))
    const square = f32x4.add(multiplyAdd(d0, d0, f32x4.mul(d1, d1)), multiplyAdd(d2, d2, f32x4.mul(d3, d3)))
    v128.store(at(sums, c), f32x4.add(v128.load(at(sums, c)), sum))
    v128.store(at(squares, c), f32x4.add(v128.load(at(squares, c)), square))
  }
  if (c == channels) return
  for (let r = 0; r < 4; r++) addRow(origin, row + bytes * r, c, channels, sums, squares)
}

/** One row from channel `c` on. */
function addRow(origin: usize, row: usize, c: i32, channels: i32, sums: usize, squares: usize): void {
  for (; c < channels; c++) {
    const d = load<f32>(at(row, c)) - load<f32>(at(origin, c))
    store<f32>(at(sums, c), load<f32>(at(sums, c)) + d)
    store<f32>(at(squares, c), load<f32>(at(squares, c)) + d * d)
  }
}

/** scale[c] = gamma / sqrt(variance + epsilon). */
export function batchNormScales(gamma: usize, variance: usize, scale: usize, channels: i32, epsilon: f32): void {
  for (let c = 0; c < channels; c++) store<f32>(at(scale, c), load<f32>(at(gamma, c)) / sqrt<f32>(load<f32>(at(variance, c)) + epsilon))
}

/** y = clamp((x - mean) * scale + beta, floor, ceiling) of rows `start` to `end`. */
export function batchNormApply(
  x: usize, y: usize, mean: usize, scale: usize, beta: usize, channels: i32, floor: f32, ceiling: f32, start: i32, end: i32,
): void {
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  for (let r = start; r < end; r++) {
    const source = at(x, r * channels)
    const target = at(y, r * channels)
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const centred = f32x4.sub(v128.load(at(source, c)), v128.load(at(mean, c)))
      const value = multiplyAdd(centred, v128.load(at(scale, c)), v128.load(at(beta, c)))
      v128.store(at(target, c), f32x4.pmin(f32x4.pmax(value, low), high))
    }
    for (; c < channels; c++) {
      const value = valueAt(at(source, c), at(mean, c), at(scale, c), at(beta, c))
      store<f32>(at(target, c), min<f32>(max<f32>(value, floor), ceiling))
    }
  }
}

/** The normalised value of one channel, rounded as the vectors round it. */
@inline
function valueAt(x: usize, mean: usize, scale: usize, beta: usize): f32 {
  const centred = f32x4.sub(v128.load32_zero(x), v128.load32_zero(mean))
  return f32x4.extract_lane(multiplyAdd(centred, v128.load32_zero(scale), v128.load32_zero(beta)), 0)
}

/** The gradient behind the activation: dy where floor < normalised x < ceiling, else 0. */
@inline
function masked(dy: v128, centred: v128, scale: v128, beta: v128, low: v128, high: v128): v128 {
  const value = multiplyAdd(centred, scale, beta)
  return v128.and(dy, v128.and(f32x4.gt(value, low), f32x4.lt(value, high)))
}

/** Sums of the masked dy and of its product with the centred x, for chunks `start` to `end`; `partials` as above. */
export function batchNormGradPartials(
  dy: usize, x: usize, mean: usize, scale: usize, beta: usize, partials: usize, rows: i32, channels: i32,
  floor: f32, ceiling: f32, chunkRows: i32, start: i32, end: i32,
): void {
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  const bytes = (<usize>channels) << 2
  for (let chunk = start; chunk < end; chunk++) {
    const doubles = partials + (<usize>chunk) * partialBytes(channels)
    const sums = doubleAt(doubles, 2 * channels)
    const products = at(sums, channels)
    memory.fill(doubles, 0, partialBytes(channels))
    const last = min((chunk + 1) * chunkRows, rows)
    for (let first = chunk * chunkRows; first < last; first += BLOCK) {
      const blockEnd = min(first + BLOCK, last)
      for (let r = first; r < blockEnd; r += 2) {
        // An odd last row is paired with itself at weight 0.
        const step: usize = r + 1 < blockEnd ? bytes : 0
        const weight = f32x4.splat(r + 1 < blockEnd ? 1 : 0)
        let c = 0
        for (; c + 4 <= channels; c += 4) {
          const p = at(x, r * channels + c)
          const q = at(dy, r * channels + c)
          const m = v128.load(at(mean, c))
          const s = v128.load(at(scale, c))
          const b = v128.load(at(beta, c))
          const centred0 = f32x4.sub(v128.load(p), m)
          const centred1 = f32x4.sub(v128.load(p + step), m)
          const g0 = masked(v128.load(q), centred0, s, b, low, high)
          const g1 = f32x4.mul(masked(v128.load(q + step), centred1, s, b, low, high), weight)
          v128.store(at(sums, c), f32x4.add(v128.load(at(sums, c)), f32x4.add(g0, g1)))
          v128.store(at(products, c), f32x4.add(v128.load(at(products, c)), multiplyAdd(g0, centred0, f32x4.mul(g1, centred1))))
        }
        for (; c < channels; c++) {
          for (let k = r; k < min(r + 2, blockEnd); k++) {
            const source = at(x, k * channels + c)
            const value = valueAt(source, at(mean, c), at(scale, c), at(beta, c))
            const g: f32 = value > floor && value < ceiling ? load<f32>(at(dy, k * channels + c)) : 0
            store<f32>(at(sums, c), load<f32>(at(sums, c)) + g)
            store<f32>(at(products, c), load<f32>(at(products, c)) + g * (load<f32>(source) - load<f32>(at(mean, c))))
          }
        }
      }
      flush(sums, doubles, channels)
      flush(products, doubleAt(doubles, channels), channels)
    }
  }
}

/**
 * dgamma and dbeta from the sums of all chunks, and what `batchNormGradApply` subtracts: the mean of the masked dy, and the
 * slope by which it follows x. `subtracted`: 2 * channels floats.
 */
export function batchNormGradSums(
  partials: usize, chunks: i32, variance: usize, dgamma: usize, dbeta: usize, subtracted: usize, rows: i32, channels: i32, epsilon: f32,
): void {
  for (let c = 0; c < channels; c++) {
    const deviation = Math.sqrt(<f64>load<f32>(at(variance, c)) + <f64>epsilon)
    const sum = sumOfChunks(partials, chunks, channels, c)
    const product = sumOfChunks(partials, chunks, channels, channels + c)
    store<f32>(at(dbeta, c), <f32>sum)
    store<f32>(at(dgamma, c), <f32>(product / deviation))
    store<f32>(at(subtracted, c), <f32>(sum / <f64>rows))
    store<f32>(at(subtracted, channels + c), <f32>(product / (deviation * deviation * <f64>rows)))
  }
}

/** dx = scale * (masked dy - mean of it - centred x * slope) of rows `start` to `end`. */
export function batchNormGradApply(
  dy: usize, x: usize, mean: usize, scale: usize, beta: usize, subtracted: usize, dx: usize, channels: i32,
  floor: f32, ceiling: f32, start: i32, end: i32,
): void {
  const slope = at(subtracted, channels)
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  for (let r = start; r < end; r++) {
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const i = r * channels + c
      const s = v128.load(at(scale, c))
      const centred = f32x4.sub(v128.load(at(x, i)), v128.load(at(mean, c)))
      const g = masked(v128.load(at(dy, i)), centred, s, v128.load(at(beta, c)), low, high)
      const rest = f32x4.sub(f32x4.sub(g, v128.load(at(subtracted, c))), f32x4.mul(centred, v128.load(at(slope, c))))
      v128.store(at(dx, i), f32x4.mul(rest, s))
    }
    for (; c < channels; c++) {
      const i = r * channels + c
      const value = valueAt(at(x, i), at(mean, c), at(scale, c), at(beta, c))
      const g: f32 = value > floor && value < ceiling ? load<f32>(at(dy, i)) : 0
      const centred = load<f32>(at(x, i)) - load<f32>(at(mean, c))
      const rest = g - load<f32>(at(subtracted, c)) - centred * load<f32>(at(slope, c))
      store<f32>(at(dx, i), rest * load<f32>(at(scale, c)))
    }
  }
}

/** y = clamp(x * scale + shift, floor, ceiling) of rows `start` to `end`. */
export function scaleShift(
  x: usize, y: usize, scale: usize, shift: usize, channels: i32, floor: f32, ceiling: f32, start: i32, end: i32,
): void {
  const low = f32x4.splat(floor)
  const high = f32x4.splat(ceiling)
  for (let r = start; r < end; r++) {
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const i = r * channels + c
      const value = multiplyAdd(v128.load(at(x, i)), v128.load(at(scale, c)), v128.load(at(shift, c)))
      v128.store(at(y, i), f32x4.pmin(f32x4.pmax(value, low), high))
    }
    for (; c < channels; c++) {
      const i = r * channels + c
      store<f32>(at(y, i), min<f32>(max<f32>(load<f32>(at(x, i)) * load<f32>(at(scale, c)) + load<f32>(at(shift, c)), floor), ceiling))
    }
  }
}
