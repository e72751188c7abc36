import { describe, expect, it } from 'vitest'
import type { Size } from '../domain/size'
import { classAwareCandidates, selectClassAwareRegions } from './class-aware-regions'

const SIZE: Size = { height: 40, width: 60 }
const SIDE = 8
const PIXELS = SIZE.height * SIZE.width

/** Class 0 but for a rare class 2 in a strip of two rows, and class 1 in the right third. */
const PREDICTION = Uint8Array.from({ length: PIXELS }, (_, i) => {
  const [r, c] = [Math.floor(i / SIZE.width), i % SIZE.width]
  if (r === 20 || r === 21) return 2
  return c >= 40 ? 1 : 0
})

const imagesOf = (seed: number, count = 12, labelled: Uint8Array | null = null) =>
  Array.from({ length: count }, (_, order) => ({
    imageId: `${order}`,
    order,
    candidates: classAwareCandidates(PREDICTION, labelled, SIZE, SIDE, { seed, round: 1, order }),
  }))

describe('candidates by class', () => {
  it('are centred on pixels predicted as their class, inside the image, and do not overlap', () => {
    const candidates = classAwareCandidates(PREDICTION, null, SIZE, SIDE, { seed: 3, round: 2, order: 5 })
    expect(new Set(candidates.map(({ classId }) => classId))).toEqual(new Set([undefined, 0, 1, 2]))
    for (const { x, y, classId } of candidates) {
      expect(x >= 0 && y >= 0 && x + SIDE <= SIZE.width && y + SIDE <= SIZE.height).toBe(true)
      const centre = (y + SIDE / 2) * SIZE.width + x + SIDE / 2
      if (classId !== undefined) expect(PREDICTION[centre]).toBe(classId)
    }
    for (const classId of [undefined, 0, 1, 2]) {
      const own = candidates.filter((candidate) => candidate.classId === classId)
      for (const [i, a] of own.entries())
        for (const b of own.slice(i + 1)) expect(Math.abs(a.x - b.x) < SIDE && Math.abs(a.y - b.y) < SIDE).toBe(false)
    }
  })

  it('leave labelled windows out', () => {
    const labelled = Uint8Array.from({ length: PIXELS }, (_, i) => (Math.floor(i / SIZE.width) < 34 ? 1 : 0))
    const candidates = classAwareCandidates(PREDICTION, labelled, SIZE, SIDE, { seed: 1, round: 1, order: 0 })
    expect(candidates.length).toBeGreaterThan(0)
    for (const { y, newPixels } of candidates) {
      expect(newPixels).toBe(SIDE * Math.min(SIDE, y + SIDE - 34))
      expect(y + SIDE).toBeGreaterThan(34)
    }
  })
})

describe('the draw', () => {
  const budget = 60 * SIDE * SIDE

  it('spends the budget on windows that do not overlap', () => {
    const { regions, newPixels } = selectClassAwareRegions(imagesOf(1), budget, SIDE, { seed: 1, round: 1 })
    expect(regions).toHaveLength(60)
    expect(newPixels).toBe(budget)
    for (const [i, a] of regions.entries())
      for (const b of regions.slice(i + 1))
        if (a.imageId === b.imageId) expect(Math.abs(a.x - b.x) < SIDE && Math.abs(a.y - b.y) < SIDE).toBe(false)
  })

  it('centres two of nine windows on each of three classes, however rare, and three anywhere', () => {
    let onRare = 0
    let total = 0
    for (let seed = 0; seed < 20; seed++) {
      const { regions } = selectClassAwareRegions(imagesOf(seed), 30 * SIDE * SIDE, SIDE, { seed, round: 1 })
      total += regions.length
      onRare += regions.filter(({ x, y }) => PREDICTION[(y + SIDE / 2) * SIZE.width + x + SIDE / 2] === 2).length
    }
    // Two ninths, and of the third anywhere the two rows of 33 possible ones: 0.242.
    expect(onRare / total).toBeGreaterThan(0.19)
    expect(onRare / total).toBeLessThan(0.3)
  })

  it('goes on with what is left when classes have no window left, and ends when nothing is', () => {
    const images = imagesOf(4, 1)
    const { regions, newPixels } = selectClassAwareRegions(images, 100 * PIXELS, SIDE, { seed: 4, round: 1 })
    expect(regions.length).toBeGreaterThan(10)
    expect(newPixels).toBeLessThan(PIXELS)
  })

  it('is the same again for the same seed, and another for another', () => {
    const draw = (seed: number) => selectClassAwareRegions(imagesOf(seed), budget, SIDE, { seed, round: 1 })
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })
})
