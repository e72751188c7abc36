/** Sets `count` floats to `value`. */
export function fill(output: usize, value: f32, count: i32): void {
  const vector = f32x4.splat(value)
  let i = 0
  for (; i + 4 <= count; i += 4) v128.store(output + (<usize>i << 2), vector)
  for (; i < count; i++) store<f32>(output + (<usize>i << 2), value)
}
