/** Shared pieces of the kernels: addresses, horizontal sums, exp and log of four lanes. */

/** Address of element `index` of an array of 4-byte elements. */
@inline
export function at(base: usize, index: i32): usize {
  return base + ((<usize>index) << 2)
}

@inline
export function sumOf(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
}

@inline
export function maximumOf(v: v128): f32 {
  return max(max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)), max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)))
}

/** a * b + c: rounded once in the binaries with fused multiply-add (on CPUs that have it), else twice. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

export function zero(output: usize, count: i32): void {
  memory.fill(output, 0, (<usize>count) << 2)
}

/**
 * exp(x) of numbers that are not positive, to about 1e-7 relative: Cephes' polynomial after reduction by ln 2. Inputs below
 * -87.3 give 0 and not the smallest normal number: any product of that would be denormal, which costs processors a hundred
 * cycles each time. Adding 1.5 * 2^23 rounds and leaves the integer in the low bits.
 */
@inline
export function expOfNegative(value: v128): v128 {
  const x = f32x4.pmax(value, f32x4.splat(-87.3))
  const shifted = multiplyAdd(x, f32x4.splat(1.44269504), f32x4.splat(12582912))
  const n = f32x4.sub(shifted, f32x4.splat(12582912))
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(-2.12194440e-4)))
  let p = multiplyAdd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3))
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3))
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2))
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1))
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1))
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1))
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000))
  return v128.and(f32x4.mul(p, power), f32x4.gt(value, f32x4.splat(-87.3)))
}

/** Natural logarithm of positive normal numbers to about 1e-7; Cephes' polynomial around 1. */
@inline
export function log4(x: v128): v128 {
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)))
  let m = v128.or(v128.and(x, i32x4.splat(0x7fffff)), i32x4.splat(0x3f000000))
  const isSmall = f32x4.lt(m, f32x4.splat(0.707106781))
  e = f32x4.sub(e, v128.and(isSmall, f32x4.splat(1)))
  m = f32x4.sub(f32x4.add(m, v128.and(isSmall, m)), f32x4.splat(1))
  const z = f32x4.mul(m, m)
  let p = multiplyAdd(f32x4.splat(7.0376836292e-2), m, f32x4.splat(-1.1514610310e-1))
  p = multiplyAdd(p, m, f32x4.splat(1.1676998740e-1))
  p = multiplyAdd(p, m, f32x4.splat(-1.2420140846e-1))
  p = multiplyAdd(p, m, f32x4.splat(1.4249322787e-1))
  p = multiplyAdd(p, m, f32x4.splat(-1.6668057665e-1))
  p = multiplyAdd(p, m, f32x4.splat(2.0000714765e-1))
  p = multiplyAdd(p, m, f32x4.splat(-2.4999993993e-1))
  p = multiplyAdd(p, m, f32x4.splat(3.3333331174e-1))
  p = f32x4.mul(f32x4.mul(p, m), z)
  p = multiplyAdd(e, f32x4.splat(-2.12194440e-4), p)
  p = f32x4.sub(p, f32x4.mul(z, f32x4.splat(0.5)))
  return f32x4.add(f32x4.add(m, p), f32x4.mul(e, f32x4.splat(0.693359375)))
}

/** Adds the four lanes of a float vector to four doubles. */
@inline
export function addToDoubles(address: usize, v: v128): void {
  const low = f64x2.promote_low_f32x4(v)
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 0, 1))
  v128.store(address, f64x2.add(v128.load(address), low))
  v128.store(address, f64x2.add(v128.load(address, 16), high), 16)
}
