import { expect, it } from 'vitest'
import { initialPool, meanScore, randomImageScore, sumScore } from './image-scores'

it('means and sums over pixels, in double precision', () => {
  expect(meanScore(Float32Array.of(0.25, 0.5, 1.5, 1.75))).toBe(1)
  expect(sumScore(Float32Array.of(0.25, 0.5, 1.5, 1.75))).toBe(4)
  const map = new Float32Array(1 << 20).fill(0.1)
  map[0] = 1e6
  expect(sumScore(map)).toBeCloseTo(1e6 + ((1 << 20) - 1) * Math.fround(0.1), 4)
})

it('random scores depend on seed, round and image, and are uniform', () => {
  expect(randomImageScore(1, 2, 3)).toBe(randomImageScore(1, 2, 3))
  const others = [randomImageScore(2, 2, 3), randomImageScore(1, 3, 3), randomImageScore(1, 2, 4)]
  expect(others).not.toContain(randomImageScore(1, 2, 3))
  const scores = Float32Array.from({ length: 4000 }, (_, order) => randomImageScore(1, 1, order))
  expect(meanScore(scores)).toBeGreaterThan(0.48)
  expect(meanScore(scores)).toBeLessThan(0.52)
})

it('the initial pool is a draw without repetition that only the seed decides', () => {
  const ids = Array.from({ length: 40 }, (_, i) => `image-${i}`)
  const pool = initialPool(ids, 10, 3)
  expect(new Set(pool).size).toBe(10)
  expect(initialPool(ids, 10, 3)).toEqual(pool)
  expect(initialPool(ids, 5, 3)).toEqual(pool.slice(0, 5))
  expect(initialPool(ids, 10, 4)).not.toEqual(pool)
})
