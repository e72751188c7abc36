/**
 * Helpers of the committee's kernels, which make statistics of upsampled logits. An output row is made in two steps: the two
 * input rows are blended once, then every pixel is blended from two neighbours, in registers; nothing of full size but the
 * results is ever stored.
 */
import { at, maximumOf, multiplyAdd } from '../assembly/simd.as'

export const BITS_PER_NAT: f32 = 1.4426950408889634

@inline
export function blend(a: usize, b: usize, c: i32, u: v128, v: v128): v128 {
  return multiplyAdd(v128.load(at(b, c)), u, f32x4.mul(v128.load(at(a, c)), v))
}

/** Lowest lane index whose value is the largest, over vectors of values and their class indices. */
@inline
export function winner(best: v128, index: v128): i32 {
  const top = maximumOf(best)
  let result = i32.MAX_VALUE
  if (f32x4.extract_lane(best, 0) == top) result = min(result, i32x4.extract_lane(index, 0))
  if (f32x4.extract_lane(best, 1) == top) result = min(result, i32x4.extract_lane(index, 1))
  if (f32x4.extract_lane(best, 2) == top) result = min(result, i32x4.extract_lane(index, 2))
  if (f32x4.extract_lane(best, 3) == top) result = min(result, i32x4.extract_lane(index, 3))
  return result
}
