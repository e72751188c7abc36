/** Eq. 5 as a whole: the profile of `cpral` in the separable filter of `kernels`, against SciPy's two-dimensional correlation. */
import { describe, expect, it } from 'vitest'
import { attentionProfile, uniformProfile } from '../src/cpral/gaussian-attention'
import { gaussianAttentionReference } from '../src/kernels/attention/gaussian-attention.reference'
import golden from './golden/cpral.json'

const sumOf = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

describe('regional Gaussian attention', () => {
  const size = { height: 5, width: 7 }

  it('of a single point is the mirrored window around it', () => {
    const map = new Float32Array(35)
    map[2 * 7 + 3] = 1
    const out = gaussianAttentionReference(map, size, Float32Array.of(1, 2, 4))
    // The window of (r, c) holds rows r-1..r+1: the point is its row 2 for r = 1, row 0 for r = 3.
    expect([1, 2, 3].map((r) => [...out.subarray(r * 7 + 2, r * 7 + 5)])).toEqual([
      [16, 8, 4],
      [8, 4, 2],
      [4, 2, 1],
    ])
    expect(sumOf(out)).toBe(49)
  })

  it('places an even window at rows r - w/2 .. r + w/2 - 1', () => {
    const map = Float32Array.from({ length: 35 }, (_, i) => i)
    const out = gaussianAttentionReference(map, size, uniformProfile(4))
    let expected = 0
    for (let r = 0; r < 4; r++) for (let c = 1; c < 5; c++) expected += r * 7 + c
    expect(out[2 * 7 + 3]).toBe(expected)
  })

  it('equals the two-dimensional correlation of SciPy, borders included', () => {
    for (const { height, width, side, map, out } of golden.attention.filters) {
      const result = gaussianAttentionReference(Float32Array.from(map), { height, width }, attentionProfile(side, 2))
      for (const [i, value] of out.entries()) expect(Math.abs(result[i] - value)).toBeLessThan(2e-5)
    }
  })
})
