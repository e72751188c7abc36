import { describe, expect, it } from 'vitest'
import { IGNORE, PROVENANCE } from '../domain/labels'
import { randomStream } from '../math/random'
import { weightedDraw } from './draw'
import { countImage, pixelWeight } from './label-index'
import { cropStart, pixelAt, targetsOf } from './place'

describe('the start of a crop', () => {
  it('holds its pixel, wherever it lies', () => {
    for (const pixel of [0, 1, 37, 98, 99]) {
      for (const share of [0, 0.5, 0.999]) {
        const start = cropStart(100, 80, share, pixel, false)
        expect(start).toBeGreaterThanOrEqual(0)
        expect(start).toBeLessThanOrEqual(20)
        expect(pixel - start).toBeGreaterThanOrEqual(0)
        expect(pixel - start).toBeLessThan(80)
      }
    }
  })

  it('centres on its pixel as far as the image allows', () => {
    expect([0, 30, 50, 99].map((pixel) => cropStart(100, 40, 0.3, pixel, true))).toEqual([0, 10, 30, 60])
  })

  it('lies anywhere within the image, or anywhere around all of it', () => {
    expect([0, 0.5, 0.999].map((share) => cropStart(100, 80, share, null, false))).toEqual([0, 10, 19])
    expect([0, 0.5, 0.999].map((share) => cropStart(100, 120, share, 7, true))).toEqual(
      [-20, -10, 0].map((x) => x || -0),
    )
  })
})

describe('a labelled pixel', () => {
  const { oracle, extended } = PROVENANCE
  const labels = {
    classes: Uint8Array.of(IGNORE, 1, 2, 1, IGNORE, 2),
    provenance: Uint8Array.of(0, oracle, extended, oracle, oracle, oracle),
  }
  const counts = countImage('a', labels)
  const found = (classId: number | null, weight = 0.5) =>
    [0, 0.3, 0.6, 0.99].map((share) => pixelAt(labels, classId, share * pixelWeight(counts, classId, weight), weight))

  it('is each as likely, an extended one as much as it weighs', () => {
    expect(found(null)).toEqual([1, 2, 3, 5])
    expect(found(null, 0)).toEqual([1, 1, 3, 5])
  })

  it('of a class is one that somebody labelled', () => {
    expect(found(1)).toEqual([1, 1, 3, 3])
    expect(found(2)).toEqual([5, 5, 5, 5])
    expect(found(3)).toEqual([null, null, null, null])
  })
})

it('a mosaic has four parts without gap or overlap', () => {
  const parts = targetsOf(4, { height: 7, width: 5 })
  const covered = new Uint8Array(35)
  for (const { x, y, width, height } of parts)
    for (let r = y; r < y + height; r++) for (let c = x; c < x + width; c++) covered[r * 5 + c]++
  expect(covered.every((times) => times === 1)).toBe(true)
})

it('draws by weight, and nothing where nothing weighs', () => {
  const draw = weightedDraw([0, 3, 0, 1, 0])
  const random = randomStream(1, 'test-draw')
  const counts = [0, 0, 0, 0, 0]
  for (let i = 0; i < 2000; i++) counts[draw?.(random) ?? 0]++
  expect([counts[0], counts[2], counts[4]]).toEqual([0, 0, 0])
  expect(counts[1] / counts[3]).toBeGreaterThan(2.6)
  expect(counts[1] / counts[3]).toBeLessThan(3.4)
  expect(weightedDraw([0, 0])).toBeNull()
  expect(weightedDraw([])).toBeNull()
})
