import { describe, expect, it } from 'vitest'
import golden from '../../tests/golden/cpral.json'
import { rankingLoss, takeHighest, takeLowest } from './panoptic-matching'

const all = [true, true, true, true]

describe('rankingLoss', () => {
  it('by hand: pairs (0,3) and (1,2)', () => {
    // L_0 > L_3: s = +1, 1 - (0.5 - 0.2) = 0.7. L_1 < L_2: s = -1, 1 + (0.1 - 2) = -0.9 -> 0.
    const { loss, gradient } = rankingLoss(Float32Array.of(0.5, 0.1, 2, 0.2), Float32Array.of(3, 1, 2, 1), all)
    expect(loss).toBeCloseTo(0.35, 6)
    expect([...gradient]).toEqual([-0.5, 0, 0, 0.5])
  })

  it('equal losses count as s = -1', () => {
    const { loss, gradient } = rankingLoss(Float32Array.of(0.25, 0), Float32Array.of(1, 1), [true, true])
    expect(loss).toBeCloseTo(1.25, 6)
    expect([...gradient]).toEqual([1, -1])
  })

  it('skips pairs with an image without valid pixels, and averages over the others', () => {
    const ratings = Float32Array.of(0.5, 0.1, 2, 0.2)
    const losses = Float32Array.of(3, 1, 2, 1)
    expect(rankingLoss(ratings, losses, [true, true, false, true]).loss).toBeCloseTo(0.7, 6)
    expect(rankingLoss(ratings, losses, [false, true, false, true])).toEqual({ loss: 0, gradient: new Float32Array(4) })
  })

  it('agrees with PyTorch, gradient included', () => {
    for (const { ratings, losses, loss, gradient } of golden.ranking) {
      const result = rankingLoss(
        Float32Array.from(ratings),
        Float32Array.from(losses),
        ratings.map(() => true),
      )
      expect(result.loss).toBeCloseTo(loss, 5)
      for (const [i, value] of gradient.entries()) expect(result.gradient[i]).toBeCloseTo(value, 6)
    }
  })

  it('refuses an odd batch', () => {
    expect(() => rankingLoss(new Float32Array(3), new Float32Array(3), [true, true, true])).toThrow(/the batch has 3/)
  })
})

it('takes the highest or lowest scores; ties go to the earlier image', () => {
  const images = [
    { imageId: 'c', order: 2, score: 1 },
    { imageId: 'a', order: 0, score: 3 },
    { imageId: 'd', order: 3, score: 3 },
    { imageId: 'b', order: 1, score: 1 },
  ]
  const ids = (taken: { imageId: string }[]) => taken.map(({ imageId }) => imageId).join('')
  expect(ids(takeHighest(images, 3))).toBe('adb')
  expect(ids(takeLowest(images, 3))).toBe('bca')
  expect(ids(takeHighest(images, 9))).toBe('adbc')
})
