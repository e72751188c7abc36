import { describe, expect, it } from 'vitest'
import golden from '../../tests/golden/cpral.json'
import { randomStream } from '../math/random'
import { defaultConfig } from './presets'
import { randomRegionScores, regionCandidates, roundBudget, selectRegions } from './region-selection'

const noise = (length: number, seed: number) => {
  const stream = randomStream(seed, 'test')
  return Float32Array.from({ length }, () => stream.next())
}

/** Hills and valleys of about a region's size, 180x240. */
function smoothMap(seed: number): Float32Array {
  const waves = noise(24, seed)
  return Float32Array.from({ length: 180 * 240 }, (_, i) => {
    const [r, c] = [Math.floor(i / 240), i % 240]
    let value = 8
    for (let k = 0; k < 24; k += 3) value += Math.sin(waves[k] * 0.2 * r + waves[k + 1] * 0.2 * c + 6.3 * waves[k + 2])
    return value
  })
}

describe('regionCandidates', () => {
  it('takes the maximum, strikes its neighbourhood, and goes on', () => {
    const size = { height: 6, width: 6 }
    const score = new Float32Array(36)
    score[1 * 6 + 1] = 5 // window rows 0..1, columns 0..1
    score[2 * 6 + 2] = 4 // |dr| < 2 and |dc| < 2: struck
    score[1 * 6 + 3] = 3 // |dc| = 2: stays
    score[0 * 6 + 5] = 9 // row -1 would be needed: no candidate
    expect(regionCandidates(score, null, size, 2)).toEqual([
      { y: 0, x: 0, score: 5, newPixels: 4 },
      { y: 0, x: 2, score: 3, newPixels: 4 },
    ])
  })

  it('breaks ties by the lowest index and stops at floor(H*W / w^2)', () => {
    const flat = new Float32Array(5 * 8).fill(1)
    const corners = regionCandidates(flat, null, { height: 5, width: 8 }, 3).map(({ y, x }) => [y, x])
    expect(corners).toEqual([
      [0, 0],
      [0, 3],
    ])
    expect(regionCandidates(flat, null, { height: 5, width: 8 }, 2)).toHaveLength(8) // 10 by area, 8 fit
  })

  it('leaves out windows that are wholly labelled, and counts what is new in the others', () => {
    const size = { height: 4, width: 8 }
    const labelled = new Uint8Array(32)
    for (let r = 0; r < 4; r++) labelled.fill(1, r * 8, r * 8 + 5)
    const score = new Float32Array(32).fill(1)
    score[2 * 8 + 2] = 7 // window columns 0..3: labelled
    score[2 * 8 + 5] = 6 // window columns 3..6: two of four columns labelled
    expect(regionCandidates(score, labelled, size, 4)).toEqual([{ y: 0, x: 3, score: 6, newPixels: 8 }])
  })

  it('agrees with an exhaustive search', () => {
    for (const { height, width, side, score, labelled, picks } of golden.regions) {
      const found = regionCandidates(Float32Array.from(score), Uint8Array.from(labelled), { height, width }, side)
      expect(found.map(({ y, x, newPixels }) => [y, x, newPixels])).toEqual(
        picks.map(([y, x, , fresh]) => [y, x, fresh]),
      )
      for (const [i, candidate] of found.entries()) expect(candidate.score).toBe(Math.fround(picks[i][2]))
    }
  })

  it('yields nothing when the image is smaller than the window or wholly labelled', () => {
    const size = { height: 4, width: 4 }
    expect(regionCandidates(noise(16, 1), null, size, 5)).toEqual([])
    expect(regionCandidates(noise(16, 1), new Uint8Array(16).fill(2), size, 2)).toEqual([])
    expect(regionCandidates(new Float32Array(16), null, size, 2)).toEqual([])
  })

  it('never overlaps itself on a smooth map', () => {
    const size = { height: 180, width: 240 }
    const map = smoothMap(2)
    const found = regionCandidates(map, null, size, 32)
    expect(found.length).toBeGreaterThan(15)
    for (const [i, a] of found.entries()) {
      expect(a.x >= 0 && a.y >= 0 && a.x + 32 <= 240 && a.y + 32 <= 180).toBe(true)
      for (const b of found.slice(0, i))
        expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThanOrEqual(32)
    }
    const scores = found.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
  })
})

describe('selectRegions', () => {
  const candidate = (y: number, x: number, score: number, newPixels = 16) => ({ y, x, score, newPixels })

  it('pools the candidates of all images; ties go to the earlier image, then the lower index', () => {
    const { regions } = selectRegions(
      [
        { imageId: 'b', order: 1, candidates: [candidate(0, 0, 2), candidate(0, 4, 1)] },
        { imageId: 'a', order: 0, candidates: [candidate(8, 0, 2), candidate(4, 4, 2), candidate(4, 0, 1)] },
      ],
      16 * 4,
      4,
    )
    expect(regions.map(({ imageId, y, x }) => `${imageId}${y}${x}`)).toEqual(['a44', 'a80', 'b00', 'a40'])
    expect(regions[0]).toEqual({ imageId: 'a', x: 4, y: 4, width: 4, height: 4, score: 2 })
  })

  it('takes round(budget / w^2) regions of fresh images', () => {
    const images = [
      { imageId: 'a', order: 0, candidates: Array.from({ length: 50 }, (_, i) => candidate(0, 4 * i, 1)) },
    ]
    const count = (budgetPixels: number) => selectRegions(images, budgetPixels, 4).regions.length
    expect([0, 7, 9, 16, 23, 25, 160, 100000].map(count)).toEqual([0, 0, 1, 1, 1, 2, 10, 50])
  })

  it('fills the budget of 25 CamVid images at 180x240 with 1055 regions of the 50 in the subset', () => {
    const size = { height: 180, width: 240 }
    const images = Array.from({ length: 50 }, (_, order) => {
      const map = smoothMap(100 + order)
      return { imageId: `${order}`, order, candidates: regionCandidates(map, null, size, 32) }
    })
    const { regions, newPixels } = selectRegions(images, 25 * 180 * 240, 32)
    expect(regions).toHaveLength(Math.round((25 * 180 * 240) / 32 ** 2))
    expect([regions.length, newPixels]).toEqual([1055, 1055 * 32 * 32])
    expect(Math.abs(newPixels - 25 * 180 * 240)).toBeLessThanOrEqual(32 ** 2 / 2)
  })

  it('counts only pixels that are newly labelled', () => {
    const candidates = [candidate(0, 0, 3, 4), candidate(0, 4, 2, 16), candidate(0, 8, 1, 16)]
    expect(selectRegions([{ imageId: 'a', order: 0, candidates }], 20, 4)).toMatchObject({
      newPixels: 20,
      regions: [{ x: 0 }, { x: 4 }],
    })
  })
})

it('random scores are named by seed and keys, and scatter regions evenly', () => {
  const size = { height: 60, width: 80 }
  expect(randomRegionScores(size, 1, 2, 3)).toEqual(randomRegionScores(size, 1, 2, 3))
  expect(randomRegionScores(size, 1, 2, 4)).not.toEqual(randomRegionScores(size, 1, 2, 3))
  expect(randomRegionScores(size, 2, 2, 3)).not.toEqual(randomRegionScores(size, 1, 2, 3))
  let left = 0
  const images = 200
  for (let order = 0; order < images; order++) {
    const [first] = regionCandidates(randomRegionScores(size, 5, 1, order), null, size, 10)
    if (first.x < 36) left++
  }
  expect(Math.abs(left / images - 0.5)).toBeLessThan(0.12) // 3.4 standard deviations
})

it("gives CamVid's shares: k * 25 / 367", () => {
  const camvid = {
    format: 'camvid',
    source: 'folder',
    trainImages: 367,
    imageSize: { height: 360, width: 480 },
  } as const
  const { selection, size } = defaultConfig(camvid, 'light', { size: { height: 180, width: 240 } })
  const budget = roundBudget(selection, size)
  expect(budget).toBe(25 * 180 * 240)
  expect((5 * budget) / (367 * size.height * size.width)).toBeCloseTo((5 * 25) / 367, 12)
})
