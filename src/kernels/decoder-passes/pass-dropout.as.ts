/** Maps are [h][w][channels] with channels a multiple of 4. */
import { at } from '../assembly/simd.as'
import { hash4, keptLanes } from '../layers/dropout.as'

/**
 * Lines [start, end) of y[n] = kept(max(x + other, floor)) * scale, the lines of all passes counted through, `lines` of `size`
 * elements a pass. x and other hold every pass (`isShared` false) or one for all; `other` may be 0. Channelwise masks repeat
 * with every pixel. `prefix`: hash of (seed, layer).
 */
export function passDropout(
  x: usize, isXShared: bool, other: usize, isOtherShared: bool, y: usize, lines: i32, size: i32, channels: i32, isChannelwise: bool,
  prefix: i32, firstPass: i32, threshold: i32, scale: f32, floor: f32, start: i32, end: i32,
): void {
  const t = i32x4.splat(threshold)
  const s = f32x4.splat(scale)
  const low = f32x4.splat(floor)
  const period = isChannelwise ? channels : size
  for (let line = start; line < end; line++) {
    const inPass = line % lines
    const key = hash4(i32x4.splat(prefix ^ (firstPass + line / lines)))
    const source = at(x, (isXShared ? inPass : line) * size)
    const added = other == 0 ? 0 : at(other, (isOtherShared ? inPass : line) * size)
    const target = at(y, line * size)
    const first = isChannelwise ? 0 : inPass * size
    for (let from = 0; from < size; from += period) {
      for (let c = 0; c < period; c += 4) {
        let value = v128.load(at(source, from + c))
        if (added != 0) value = f32x4.add(value, v128.load(at(added, from + c)))
        value = f32x4.mul(f32x4.pmax(value, low), s)
        v128.store(at(target, from + c), v128.and(value, keptLanes(key, first + c, t)))
      }
    }
  }
}
