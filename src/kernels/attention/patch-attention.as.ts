import { at, expOfNegative, multiplyAdd, zero } from '../assembly/simd.as'

/** Stands for minus infinity where differences are taken. */
const NOTHING: f32 = -1e30

/** Weights below e^-30 of the largest are left out: all keys of an image together stay below float32's resolution. */
const NEGLIGIBLE: f32 = 30

/**
 * dots[n] = x_q . x_key for four queries in the lanes and 8 keys. `query`: patch * patch * 3 vectors, `k0`..`k7`: addresses of
 * the keys' first pixels.
 */
@inline
function dotKeys(
  query: usize, patch: i32, line: usize, dots: usize,
  k0: usize, k1: usize, k2: usize, k3: usize, k4: usize, k5: usize, k6: usize, k7: usize,
): void {
  let d0 = f32x4.splat(0), d1 = d0, d2 = d0, d3 = d0, d4 = d0, d5 = d0, d6 = d0, d7 = d0
  let q = query
  const skip = line - (<usize>patch << 4)
  let offset: usize = 0
  for (let y = 0; y < patch; y++, offset += skip) {
    for (let x = 0; x < patch; x++, offset += 16, q += 48) {
      const a = v128.load(q)
      d0 = multiplyAdd(a, v128.load32_splat(k0 + offset), d0)
      d1 = multiplyAdd(a, v128.load32_splat(k1 + offset), d1)
      d2 = multiplyAdd(a, v128.load32_splat(k2 + offset), d2)
      d3 = multiplyAdd(a, v128.load32_splat(k3 + offset), d3)
      d4 = multiplyAdd(a, v128.load32_splat(k4 + offset), d4)
      d5 = multiplyAdd(a, v128.load32_splat(k5 + offset), d5)
      d6 = multiplyAdd(a, v128.load32_splat(k6 + offset), d6)
      d7 = multiplyAdd(a, v128.load32_splat(k7 + offset), d7)
      const b = v128.load(q, 16)
      d0 = multiplyAdd(b, v128.load32_splat(k0 + offset, 4), d0)
      d1 = multiplyAdd(b, v128.load32_splat(k1 + offset, 4), d1)
      d2 = multiplyAdd(b, v128.load32_splat(k2 + offset, 4), d2)
      d3 = multiplyAdd(b, v128.load32_splat(k3 + offset, 4), d3)
      d4 = multiplyAdd(b, v128.load32_splat(k4 + offset, 4), d4)
      d5 = multiplyAdd(b, v128.load32_splat(k5 + offset, 4), d5)
      d6 = multiplyAdd(b, v128.load32_splat(k6 + offset, 4), d6)
      d7 = multiplyAdd(b, v128.load32_splat(k7 + offset, 4), d7)
      const c = v128.load(q, 32)
      d0 = multiplyAdd(c, v128.load32_splat(k0 + offset, 8), d0)
      d1 = multiplyAdd(c, v128.load32_splat(k1 + offset, 8), d1)
      d2 = multiplyAdd(c, v128.load32_splat(k2 + offset, 8), d2)
      d3 = multiplyAdd(c, v128.load32_splat(k3 + offset, 8), d3)
      d4 = multiplyAdd(c, v128.load32_splat(k4 + offset, 8), d4)
      d5 = multiplyAdd(c, v128.load32_splat(k5 + offset, 8), d5)
      d6 = multiplyAdd(c, v128.load32_splat(k6 + offset, 8), d6)
      d7 = multiplyAdd(c, v128.load32_splat(k7 + offset, 8), d7)
    }
  }
  v128.store(dots, d0)
  v128.store(dots, d1, 16)
  v128.store(dots, d2, 32)
  v128.store(dots, d3, 48)
  v128.store(dots, d4, 64)
  v128.store(dots, d5, 80)
  v128.store(dots, d6, 96)
  v128.store(dots, d7, 112)
}

/** Address of the first pixel of a key. */
@inline
function keyPixel(colours: usize, keys: usize, k: i32, strideBytes: usize, line: usize, stride: i32): usize {
  const key = keys + (<usize>k << 4)
  return colours + <usize>load<f32>(key) * <usize>stride * line + <usize>load<f32>(key, 4) * strideBytes
}

/**
 * The tiles `start` .. `end` of queries against all keys in reach: attended [Q, C]. `colours` [H, W, 4], `keys` [K, 4] = row,
 * column, gain, bias; `values` [K, C], C a multiple of 4; `keysBefore` [cells + 1], `queries` [Q], `tiles` [tiles + 1]. The
 * lanes of a vector are the queries of a tile. `scratch`: `scratchBytes` for each range of `grain` tiles.
 */
export function patchAttention(
  colours: usize, keys: usize, values: usize, keysBefore: usize, queries: usize, tiles: usize, attended: usize,
  width: i32, patch: i32, stride: i32, rows: i32, columns: i32, channels: i32, squaredReach: f32, falloff: f32,
  scratch: usize, scratchBytes: i32, grain: i32, start: i32, end: i32,
): void {
  const line = <usize>width << 4
  const strideBytes = <usize>stride << 4
  const reach = <i32>(sqrt(squaredReach) + 0.01)
  const own = scratch + <usize>(start / grain) * <usize>scratchBytes
  const sums = own + 128
  const query = sums + (<usize>channels << 4)
  for (let tile = start; tile < end; tile++) {
    const first = load<i32>(at(tiles, tile))
    const count = load<i32>(at(tiles, tile + 1)) - first
    const firstCell = load<i32>(at(queries, first))
    const row = firstCell / columns
    const firstColumn = firstCell - row * columns
    const lastColumn = load<i32>(at(queries, first + count - 1)) - row * columns
    for (let lane = 0; lane < 4; lane++) {
      const cell = load<i32>(at(queries, first + min(lane, count - 1)))
      store<f32>(at(own, lane), <f32>(cell - row * columns))
      loadLane(query + (<usize>lane << 2), colours + <usize>row * <usize>stride * line + <usize>(cell - row * columns) * strideBytes, line, patch)
    }
    const column = v128.load(own)
    let maximum = f32x4.splat(NOTHING)
    let total = f32x4.splat(0)
    zero(sums, channels << 2)
    for (let r = max(0, row - reach); r <= min(rows - 1, row + reach); r++) {
      const rowsApart = <f32>(r - row) * <f32>(r - row)
      const half = <i32>(sqrt(squaredReach - rowsApart) + 0.01)
      const from = load<i32>(at(keysBefore, r * columns + max(0, firstColumn - half)))
      const to = load<i32>(at(keysBefore, r * columns + min(columns - 1, lastColumn + half) + 1))
      for (let k = from; k < to; k += 8) {
        const last = to - 1
        dotKeys(
          query, patch, line, own,
          keyPixel(colours, keys, k, strideBytes, line, stride),
          keyPixel(colours, keys, min(k + 1, last), strideBytes, line, stride),
          keyPixel(colours, keys, min(k + 2, last), strideBytes, line, stride),
          keyPixel(colours, keys, min(k + 3, last), strideBytes, line, stride),
          keyPixel(colours, keys, min(k + 4, last), strideBytes, line, stride),
          keyPixel(colours, keys, min(k + 5, last), strideBytes, line, stride),
          keyPixel(colours, keys, min(k + 6, last), strideBytes, line, stride),
          keyPixel(colours, keys, min(k + 7, last), strideBytes, line, stride),
        )
        const present = min(8, to - k)
        let peak = f32x4.splat(NOTHING)
        for (let n = 0; n < present; n++) {
          const key = keys + (<usize>(k + n) << 4)
          const apart = f32x4.sub(column, v128.load32_splat(key, 4))
          const squared = multiplyAdd(apart, apart, f32x4.splat(rowsApart))
          const address = own + (<usize>n << 4)
          const bias = f32x4.sub(v128.load32_splat(key, 12), f32x4.mul(f32x4.splat(falloff), squared))
          const logit = multiplyAdd(v128.load(address), v128.load32_splat(key, 8), bias)
          const kept = v128.bitselect(logit, f32x4.splat(NOTHING), f32x4.le(squared, f32x4.splat(squaredReach)))
          v128.store(address, kept)
          peak = f32x4.pmax(peak, kept)
        }
        if (!v128.any_true(f32x4.gt(peak, f32x4.max(f32x4.sub(maximum, f32x4.splat(NEGLIGIBLE)), f32x4.splat(NOTHING))))) continue
        if (v128.any_true(f32x4.gt(peak, maximum))) {
          const raised = f32x4.pmax(peak, maximum)
          const shrink = expOfNegative(f32x4.sub(maximum, raised))
          maximum = raised
          total = f32x4.mul(total, shrink)
          for (let c = 0; c < channels; c++) {
            const sum = sums + (<usize>c << 4)
            v128.store(sum, f32x4.mul(v128.load(sum), shrink))
          }
        }
        for (let n = 0; n < present; n++) {
          const logit = v128.load(own + (<usize>n << 4))
          const isKept = f32x4.gt(logit, f32x4.splat(0.5 * NOTHING))
          const weight = v128.and(expOfNegative(f32x4.sub(logit, maximum)), isKept)
          total = f32x4.add(total, weight)
          let sum = sums
          const value = at(values, (k + n) * channels)
          for (let c = 0; c < channels; c += 4, sum += 64) {
            v128.store(sum, multiplyAdd(weight, v128.load32_splat(at(value, c)), v128.load(sum)))
            v128.store(sum, multiplyAdd(weight, v128.load32_splat(at(value, c), 4), v128.load(sum, 16)), 16)
            v128.store(sum, multiplyAdd(weight, v128.load32_splat(at(value, c), 8), v128.load(sum, 32)), 32)
            v128.store(sum, multiplyAdd(weight, v128.load32_splat(at(value, c), 12), v128.load(sum, 48)), 48)
          }
        }
      }
    }
    v128.store(own, total)
    for (let lane = 0; lane < count; lane++) {
      const weight = load<f32>(at(own, lane))
      const share: f32 = weight > 0 ? 1 / weight : 0
      const output = at(attended, (first + lane) * channels)
      for (let c = 0; c < channels; c++) store<f32>(at(output, c), load<f32>(at(sums, 4 * c + lane)) * share)
    }
  }
}

/** One patch into one lane of the tile's vectors. */
@inline
function loadLane(lane: usize, pixel: usize, line: usize, patch: i32): void {
  let target = lane
  for (let y = 0; y < patch; y++) {
    for (let x = 0; x < patch; x++, target += 48) {
      const source = pixel + <usize>y * line + (<usize>x << 4)
      store<f32>(target, load<f32>(source))
      store<f32>(target, load<f32>(source, 4), 16)
      store<f32>(target, load<f32>(source, 8), 32)
    }
  }
}
