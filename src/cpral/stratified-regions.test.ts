import { describe, expect, it } from 'vitest'
import golden from '../../tests/golden/pool-scores.json'
import type { Candidate } from '../domain/round'
import { gumbelNoise } from './gumbel-noise'
import { PoolCount } from './pool-scores'
import { classQuotas, selectStratifiedRegions, sharpness, stratifiedCandidates } from './stratified-regions'
import { windowGrid } from './window-grid'

const { ranking } = golden
const grid = windowGrid(ranking, ranking.side)

it('takes the regions that NumPy takes, class by class and then together, with their scores', () => {
  const { seed, round, rounds, budget, quotas, regions, newPixels, found } = ranking.stratified
  const count = new PoolCount(ranking.classes)
  for (const { shares, rating } of ranking.images) count.add(Float32Array.from(shares), rating)
  const rules = { beta: sharpness(round, rounds), most: ranking.most }
  const offers = ranking.images.map(({ masses, newPixels: left }, order) => {
    const scores = { masses: Float32Array.from(masses), newPixels: Uint32Array.from(left) }
    return stratifiedCandidates(scores, grid, count.facts(), rules, { seed, round, order })
  })
  const images = offers.map(({ candidates }, order) => ({ imageId: `${order}`, order, candidates }))
  const turns = quotas.map(([classId, wanted]) => ({ classId, regions: wanted }))
  const got = selectStratifiedRegions(images, budget, ranking.side, turns, ranking.most)
  expect(offers.reduce((sum, offer) => sum + offer.found, 0)).toBe(found)
  expect(got.newPixels).toBe(newPixels)
  expect(got.regions.map(({ imageId, y, x }) => [Number(imageId), y, x])).toEqual(
    regions.map(([order, i]) => [order, grid.ys[Math.floor(i / grid.xs.length)], grid.xs[i % grid.xs.length]]),
  )
  for (const [i, { score }] of got.regions.entries()) expect(score).toBeCloseTo(regions[i][2], 5)
})

describe('noise', () => {
  it('has the mean and the spread of a standard Gumbel', () => {
    const noise = gumbelNoise('test', { seed: 1, round: 2, order: 3 }, 5)
    const drawn = Array.from({ length: 20_000 }, (_, i) => noise(i >> 2, i % 4))
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length
    expect(mean).toBeCloseTo(0.5772, 1)
    expect(variance).toBeCloseTo(Math.PI ** 2 / 6, 1)
    expect(new Set(drawn).size).toBe(drawn.length)
  })

  it('the highest of noisy logarithms is a draw in proportion to the numbers', () => {
    const masses = [1, 2, 5]
    const wins = [0, 0, 0]
    for (let order = 0; order < 4000; order++) {
      const noise = gumbelNoise('test', { seed: 1, round: 1, order }, 2)
      const noisy = masses.map((mass, window) => Math.log(mass) + noise(window, 0))
      wins[noisy.indexOf(Math.max(...noisy))]++
    }
    for (const [i, mass] of masses.entries()) expect(wins[i] / 4000).toBeCloseTo(mass / 8, 1)
  })

  it('shrinks from query to query, a hundredfold to the last round', () => {
    expect([1, 2, 3, 4].map((round) => sharpness(round, 5))).toEqual([1, 100 ** 0.25, 10, 100 ** 0.75])
    expect(sharpness(1, 1)).toBe(1)
  })
})

describe('quotas', () => {
  it('divide two thirds evenly, the rest to classes drawn at random', () => {
    const quotas = classQuotas(50, 0.66, 5, { seed: 1, round: 1 })
    expect(quotas.reduce((sum, { regions }) => sum + regions, 0)).toBe(33)
    expect(quotas.map(({ regions }) => regions).sort()).toEqual([6, 6, 7, 7, 7])
    expect(quotas.map(({ classId }) => classId).sort()).toEqual([0, 1, 2, 3, 4])
  })

  it('orders and remainders differ from round to round', () => {
    const drawn = Array.from({ length: 8 }, (_, round) => JSON.stringify(classQuotas(8, 1, 6, { seed: 1, round })))
    expect(new Set(drawn).size).toBe(8)
  })
})

describe('selection', () => {
  const candidate = (x: number, score: number, classId?: number): Candidate => ({
    x,
    y: 0,
    score,
    newPixels: 16,
    ...(classId !== undefined && { classId }),
  })

  it('skips what overlaps a region of another class, and what its image has enough of', () => {
    const images = [
      {
        imageId: 'a',
        order: 0,
        candidates: [candidate(0, 9, 0), candidate(3, 8, 1), candidate(4, 7, 1), candidate(8, 5)],
      },
      { imageId: 'b', order: 1, candidates: [candidate(0, 1)] },
    ]
    const turns = [
      { classId: 0, regions: 1 },
      { classId: 1, regions: 1 },
    ]
    const { regions, newPixels } = selectStratifiedRegions(images, 1000, 4, turns, 2)
    expect(regions.map(({ imageId, x }) => [imageId, x])).toEqual([
      ['a', 0],
      ['a', 4],
      ['b', 0],
    ])
    expect(newPixels).toBe(48)
  })

  it('ends when the budget is spent, in the middle of a class', () => {
    const images = [{ imageId: 'a', order: 0, candidates: [0, 4, 8, 12].map((x) => candidate(x, 20 - x, 0)) }]
    const { regions } = selectStratifiedRegions(images, 32, 4, [{ classId: 0, regions: 4 }], 9)
    expect(regions.map(({ x }) => x)).toEqual([0, 4])
  })
})
