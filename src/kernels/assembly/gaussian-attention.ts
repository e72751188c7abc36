import { at, multiplyAdd, zero } from './simd'

/** output[i] = sum over k of a[k] * input[i + k * step], for `count` neighbours i. */
function filterRow(input: usize, step: i32, a: usize, taps: i32, output: usize, count: i32): void {
  const bytes = (<usize>step) << 2
  let i = 0
  for (; i + 16 <= count; i += 16) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0
    let source = at(input, i)
    for (let k = 0; k < taps; k++, source += bytes) {
      const weight = v128.load32_splat(at(a, k))
      s0 = multiplyAdd(v128.load(source), weight, s0)
      s1 = multiplyAdd(v128.load(source, 16), weight, s1)
      s2 = multiplyAdd(v128.load(source, 32), weight, s2)
      s3 = multiplyAdd(v128.load(source, 48), weight, s3)
    }
    v128.store(at(output, i), s0)
    v128.store(at(output, i), s1, 16)
    v128.store(at(output, i), s2, 32)
    v128.store(at(output, i), s3, 48)
  }
  for (; i < count; i++) {
    let sum: f32 = 0
    for (let k = 0; k < taps; k++) sum += load<f32>(at(a, k)) * load<f32>(at(input, i + k * step))
    store<f32>(at(output, i), sum)
  }
}

/** Two 1-D filters with zero padding. `scratch`: (width + taps) + height * width floats. */
export function gaussianAttention(map: usize, a: usize, attended: usize, height: i32, width: i32, taps: i32, scratch: usize): void {
  const half = taps / 2
  const horizontal = at(scratch, width + taps)
  zero(scratch, width + taps)
  for (let y = 0; y < height; y++) {
    memory.copy(at(scratch, half), at(map, y * width), (<usize>width) << 2)
    filterRow(scratch, 1, a, taps, at(horizontal, y * width), width)
  }
  for (let y = 0; y < height; y++) {
    const first = max(0, half - y)
    const end = min(taps, height + half - y)
    filterRow(at(horizontal, (y - half + first) * width), width, at(a, first), end - first, at(attended, y * width), width)
  }
}
