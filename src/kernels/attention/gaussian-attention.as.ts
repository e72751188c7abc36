import { at, multiplyAdd } from '../assembly/simd.as'

/** output[i] = sum over k of a[k] * input[i + k * step], for `count` neighbours i. */
function filterRow(input: usize, step: i32, a: usize, taps: i32, output: usize, count: i32): void {
  const bytes = (<usize>step) << 2
  let i = 0
  for (; i + 32 <= count; i += 32) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0
    let source = at(input, i)
    for (let k = 0; k < taps; k++, source += bytes) {
      const weight = v128.load32_splat(at(a, k))
      s0 = multiplyAdd(v128.load(source), weight, s0)
      s1 = multiplyAdd(v128.load(source, 16), weight, s1)
      s2 = multiplyAdd(v128.load(source, 32), weight, s2)
      s3 = multiplyAdd(v128.load(source, 48), weight, s3)
      s4 = multiplyAdd(v128.load(source, 64), weight, s4)
      s5 = multiplyAdd(v128.load(source, 80), weight, s5)
      s6 = multiplyAdd(v128.load(source, 96), weight, s6)
      s7 = multiplyAdd(v128.load(source, 112), weight, s7)
    }
    const target = at(output, i)
    v128.store(target, s0)
    v128.store(target, s1, 16)
    v128.store(target, s2, 32)
    v128.store(target, s3, 48)
    v128.store(target, s4, 64)
    v128.store(target, s5, 80)
    v128.store(target, s6, 96)
    v128.store(target, s7, 112)
  }
  for (; i + 4 <= count; i += 4) {
    let sum = f32x4.splat(0)
    let source = at(input, i)
    for (let k = 0; k < taps; k++, source += bytes) sum = multiplyAdd(v128.load(source), v128.load32_splat(at(a, k)), sum)
    v128.store(at(output, i), sum)
  }
  for (; i < count; i++) {
    let sum: f32 = 0
    for (let k = 0; k < taps; k++) sum += load<f32>(at(a, k)) * load<f32>(at(input, i + k * step))
    store<f32>(at(output, i), sum)
  }
}

/** Filters rows [start, end) of the map along their length, zero outside. `scratch`: width + taps zeros floats for every row. */
export function attentionRows(map: usize, a: usize, filtered: usize, width: i32, taps: i32, scratch: usize, start: i32, end: i32): void {
  const half = taps / 2
  for (let y = start; y < end; y++) {
    const line = at(scratch, y * (width + taps))
    memory.fill(line, 0, (<usize>(width + taps)) << 2)
    memory.copy(at(line, half), at(map, y * width), (<usize>width) << 2)
    filterRow(line, 1, a, taps, at(filtered, y * width), width)
  }
}

/** Rows [start, end) of the map filtered along the columns, zero outside. */
export function attentionColumns(map: usize, a: usize, filtered: usize, height: i32, width: i32, taps: i32, start: i32, end: i32): void {
  const half = taps / 2
  for (let y = start; y < end; y++) {
    const first = max(0, half - y)
    const last = min(taps, height + half - y)
    filterRow(at(map, (y - half + first) * width), width, at(a, first), last - first, at(filtered, y * width), width)
  }
}
