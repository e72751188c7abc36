import { describe, expect, it } from 'vitest'
import golden from '../../tests/golden/pool-scores.json'
import { packFloats } from '../math/packed-floats'
import { balancedCandidates, becauseOf, classWeights, PoolCount, standardRating, unpackScores } from './pool-scores'
import { selectRegions } from './region-selection'
import { windowGrid } from './window-grid'

const { ranking } = golden
const grid = windowGrid(ranking, ranking.side)
const IMAGES = ranking.images.map(({ masses, newPixels, shares, rating }) => ({
  scores: unpackScores({
    masses: packFloats(Float32Array.from(masses)),
    newPixels: Uint32Array.from(newPixels),
    classShares: Float32Array.from(shares),
  }),
  shares: Float32Array.from(shares),
  rating,
}))

const KEYS = { seed: 1, round: 1, order: 0 }

function factsOfPool() {
  const count = new PoolCount(ranking.classes)
  for (const { shares, rating } of IMAGES) count.add(shares, rating)
  return count.facts()
}

describe('class-balanced ranking', () => {
  it('takes the regions that NumPy takes, with their scores', () => {
    const { balance, prior, budget, regions, newPixels, found } = ranking.balanced
    const pool = factsOfPool()
    const offers = IMAGES.map(({ scores, rating }) =>
      balancedCandidates(
        scores,
        grid,
        pool,
        { balance, prior: { rating, weight: prior }, most: ranking.most, temperature: 0 },
        KEYS,
      ),
    )
    const images = offers.map(({ candidates }, order) => ({ imageId: `${order}`, order, candidates }))
    const got = selectRegions(images, budget, ranking.side)
    expect(offers.reduce((sum, offer) => sum + offer.found, 0)).toBe(found)
    expect(got.newPixels).toBe(newPixels)
    expect(got.regions.map(({ imageId, y, x }) => [Number(imageId), y, x])).toEqual(
      regions.map(([order, i]) => [order, grid.ys[Math.floor(i / grid.xs.length)], grid.xs[i % grid.xs.length]]),
    )
    for (const [i, { score }] of got.regions.entries()) expect(score).toBeCloseTo(regions[i][2], 6)
  })

  it('common classes weigh little, and without balance all weigh the same', () => {
    const [road, pole] = classWeights([0.32, 0.01], 6)
    expect(road).toBeCloseTo(0.117, 3)
    expect(pole).toBeCloseTo(0.89, 3)
    expect(classWeights([0.9, 0.1], 0)).toEqual([1, 1])
  })

  it('a window that is wholly labelled, or without mass, is no candidate', () => {
    const pool = { classShares: [0.5, 0.5], rating: { mean: 0, deviation: 0 } }
    const row = windowGrid({ height: 4, width: 12 }, 4)
    const masses = Float32Array.from({ length: 2 * row.xs.length }, (_, i) => (i < 2 ? 1 : 0.5))
    masses.fill(0, 2 * (row.xs.length - 1))
    const newPixels = new Uint32Array(row.xs.length).fill(16)
    newPixels[0] = 0
    const rules = { balance: 6, prior: { rating: null, weight: 0.25 }, most: 9, temperature: 0 }
    const { candidates, found } = balancedCandidates({ masses, newPixels }, row, pool, rules, KEYS)
    expect(candidates.map(({ x }) => x)).toEqual([1, 5])
    expect(found).toBe(2)
  })

  it('draws windows in proportion to their scores at temperature 1, and the best at 0', () => {
    const pool = { classShares: [0.5, 0.5], rating: { mean: 0, deviation: 0 } }
    const row = windowGrid({ height: 4, width: 8 }, 4)
    const [first, last] = [0, row.xs.length - 1]
    const masses = new Float32Array(2 * row.xs.length)
    masses[2 * first] = 3
    masses[2 * last] = 1
    const bestOf = (order: number, temperature: number) => {
      const rules = { balance: 0, prior: { rating: null, weight: 0 }, most: 1, temperature }
      return balancedCandidates({ masses, newPixels: null }, row, pool, rules, { ...KEYS, order }).candidates[0]?.x
    }
    const shareOfBest = (temperature: number) =>
      Array.from({ length: 2000 }, (_, order) => bestOf(order, temperature)).filter((x) => x === 0).length / 2000
    expect(shareOfBest(0)).toBe(1)
    expect(Math.abs(shareOfBest(1) - 3 / 4)).toBeLessThan(0.03)
    expect(Math.abs(shareOfBest(2) - Math.sqrt(3) / (1 + Math.sqrt(3)))).toBeLessThan(0.03)
  })
})

it('ratings are compared in standard deviations, where there are any', () => {
  const count = new PoolCount(1)
  for (const rating of [1, 3]) count.add(Float32Array.of(1), rating)
  expect(standardRating(5, count.facts().rating)).toBe(3)
  expect(standardRating(null, count.facts().rating)).toBe(0)
  const alike = new PoolCount(1)
  for (const rating of [2, 2]) alike.add(Float32Array.of(1), rating)
  expect(standardRating(2, alike.facts().rating)).toBe(0)
})

it('says between which classes a window wavers, and which rare one it was chosen for', () => {
  const shares = [0.6, 0.35, 0.05]
  const masses = Float32Array.of(9, 9, 9, 0.2, 0.4, 0.15)
  expect(becauseOf(masses, 1, classWeights(shares, 0), shares)).toEqual({ between: [1, 0] })
  expect(becauseOf(masses, 1, classWeights(shares, 6), shares)).toEqual({ between: [1, 0], rare: 2 })
})
