import { describe, expect, it } from 'vitest'
import golden from '../../tests/golden/cpral.json'
import { attentionProfile, uniformProfile } from './gaussian-attention'

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

  it('without RGA the window is all ones', () => {
    expect([...uniformProfile(3)]).toEqual([1, 1, 1])
  })
})
