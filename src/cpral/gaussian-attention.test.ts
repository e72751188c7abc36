import { describe, expect, it } from 'vitest'
import golden from '../../tests/golden/cpral.json'
import { attend, attentionProfile, uniformProfile } from './gaussian-attention'

const sumOf = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

describe('attentionProfile', () => {
  it('has the check values of w = 5, sigma = 2', () => {
    const a = [...attentionProfile(5, 2)]
    const expected = [0.695415, 1.09647, 1.276051, 1.09647, 0.695415]
    for (const [i, value] of expected.entries()) expect(a[i]).toBeCloseTo(value, 6)
    const K = a.flatMap((row) => a.map((column) => row * column))
    expect(sumOf(K)).toBeCloseTo(23.617845, 5)
    expect(sumOf(K.map((value) => value * value))).toBeCloseTo(25, 5)
  })

  it('has the check values of w = 128', () => {
    const a = attentionProfile(128, 2)
    expect(a[0] * a[0]).toBeCloseTo(0.23344, 6)
    expect(a[0] * a[64]).toBeCloseTo(0.624669, 6)
    expect(a[64] * a[64]).toBeCloseTo(1.671566, 6)
  })

  it('has the squared sum w, so that sum K^2 = w^2, for any side and half-range', () => {
    for (const side of [1, 2, 3, 4, 16, 31, 64, 129]) {
      for (const sigma of [0.5, 2, 4]) {
        expect(sumOf(attentionProfile(side, sigma).map((value) => value * value))).toBeCloseTo(side, 4)
      }
    }
  })

  it('agrees with SciPy', () => {
    for (const { side, sigma, a } of golden.attention.profiles) {
      const profile = attentionProfile(side, sigma)
      for (const [i, value] of a.entries()) expect(Math.abs(profile[i] - value)).toBeLessThan(2e-7)
    }
  })
})

describe('attend', () => {
  const size = { height: 5, width: 7 }

  it('of a single point is the mirrored window around it', () => {
    const map = new Float32Array(35)
    map[2 * 7 + 3] = 1
    const out = attend(map, size, Float32Array.of(1, 2, 4))
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
    const out = attend(map, size, uniformProfile(4))
    let expected = 0
    for (let r = 0; r < 4; r++) for (let c = 1; c < 5; c++) expected += r * 7 + c
    expect(out[2 * 7 + 3]).toBe(expected)
  })

  it('equals the two-dimensional correlation of SciPy, borders included', () => {
    for (const { height, width, side, map, out } of golden.attention.filters) {
      const result = attend(Float32Array.from(map), { height, width }, attentionProfile(side, 2))
      for (const [i, value] of out.entries()) expect(Math.abs(result[i] - value)).toBeLessThan(2e-5)
    }
  })
})
