import { describe, expect, it } from 'vitest'
import { IGNORE, PROVENANCE } from '../domain/labels'
import { countImage, pixelWeight } from './label-index'
import { cropStart, pixelAt } from './place'

describe('the start of a crop', () => {
  it('holds its pixel, wherever it lies', () => {
    for (const pixel of [0, 1, 37, 98, 99]) {
      for (const share of [0, 0.5, 0.999]) {
        const start = cropStart(100, 80, share, pixel)
        expect(start).toBeGreaterThanOrEqual(0)
        expect(start).toBeLessThanOrEqual(20)
        expect(pixel - start).toBeGreaterThanOrEqual(0)
        expect(pixel - start).toBeLessThan(80)
      }
    }
  })

  it('lies anywhere within the image, or anywhere around all of it', () => {
    expect([0, 0.5, 0.999].map((share) => cropStart(100, 80, share, null))).toEqual([0, 10, 19])
    expect([0, 0.5, 0.999].map((share) => cropStart(100, 120, share, 7))).toEqual([-20, -10, 0].map((x) => x || -0))
  })
})

describe('a labelled pixel', () => {
  const { oracle, extended } = PROVENANCE
  const labels = {
    classes: Uint8Array.of(IGNORE, 1, 2, 1, IGNORE, 2),
    provenance: Uint8Array.of(0, oracle, extended, oracle, oracle, oracle),
  }
  const counts = countImage('a', labels)
  const found = (weight: number) =>
    [0, 0.3, 0.6, 0.99].map((share) => pixelAt(labels, share * pixelWeight(counts, weight), weight))

  it('is each as likely, an extended one as much as it weighs', () => {
    expect(found(0.5)).toEqual([1, 2, 3, 5])
    expect(found(0)).toEqual([1, 1, 3, 5])
  })

  it('is not to be found where none is', () => {
    expect(pixelAt({ ...labels, classes: new Uint8Array(6).fill(IGNORE) }, 0, 0.5)).toBeNull()
  })
})
