import { at } from '../assembly/simd.as'

/** The hash of `src/math/random.ts` on four words; the shift by a per-lane amount goes bit by bit. */
@inline
export function hash4(value: v128): v128 {
  const state = i32x4.add(i32x4.mul(value, i32x4.splat(747796405)), i32x4.splat(<i32>2891336453))
  let shifted = i32x4.shr_u(state, 4)
  shifted = v128.bitselect(i32x4.shr_u(shifted, 1), shifted, i32x4.shr_s(i32x4.shl(state, 3), 31))
  shifted = v128.bitselect(i32x4.shr_u(shifted, 2), shifted, i32x4.shr_s(i32x4.shl(state, 2), 31))
  shifted = v128.bitselect(i32x4.shr_u(shifted, 4), shifted, i32x4.shr_s(i32x4.shl(state, 1), 31))
  shifted = v128.bitselect(i32x4.shr_u(shifted, 8), shifted, i32x4.shr_s(state, 31))
  const word = i32x4.mul(v128.xor(shifted, state), i32x4.splat(277803737))
  return v128.xor(i32x4.shr_u(word, 22), word)
}

/** All ones where the element is kept, for the four elements from `first` on. */
@inline
export function keptLanes(key: v128, first: i32, threshold: v128): v128 {
  return i32x4.ge_u(hash4(v128.xor(key, i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3)))), threshold)
}

/** Drops one row of `count` elements whose counters start at `first`. */
function dropRow(x: usize, y: usize, count: i32, first: i32, key: i32, threshold: i32, scale: f32): void {
  const k = i32x4.splat(key)
  const t = i32x4.splat(threshold)
  const s = f32x4.splat(scale)
  let counter = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3))
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const isKept = i32x4.ge_u(hash4(v128.xor(k, counter)), t)
    v128.store(at(y, i), v128.and(f32x4.mul(v128.load(at(x, i)), s), isKept))
    counter = i32x4.add(counter, i32x4.splat(4))
  }
  for (; i < count; i++) {
    const hash = <u32>i32x4.extract_lane(hash4(i32x4.splat(key ^ (first + i))), 0)
    store<f32>(at(y, i), hash >= <u32>threshold ? load<f32>(at(x, i)) * scale : 0)
  }
}

/** One item of the batch: y = kept(x) * scale. Channelwise rows repeat the same counters. */
export function dropout(x: usize, y: usize, size: i32, channels: i32, isChannelwise: bool, key: i32, threshold: i32, scale: f32): void {
  if (!isChannelwise) {
    dropRow(x, y, size, 0, key, threshold, scale)
    return
  }
  for (let start = 0; start < size; start += channels) dropRow(at(x, start), at(y, start), channels, 0, key, threshold, scale)
}
