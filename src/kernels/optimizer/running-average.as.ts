import { at } from '../assembly/simd.as'

/** Floats that take the same share. */
const BLOCK = 64

/** running = kept * running + share * latest in blocks first..last of 64; a negative share leaves its block alone. */
export function runningAverage(running: usize, latest: usize, shares: usize, kept: f32, first: i32, last: i32): void {
  for (let block = first; block < last; block++) {
    const share = load<f32>(at(shares, block))
    if (share < 0) continue
    for (let i = block * BLOCK; i < (block + 1) * BLOCK; i += 4) {
      const old = f32x4.mul(v128.load(at(running, i)), f32x4.splat(kept))
      v128.store(at(running, i), f32x4.add(old, f32x4.mul(v128.load(at(latest, i)), f32x4.splat(share))))
    }
  }
}
