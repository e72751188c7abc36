import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../cpral/presets'
import type { TrainingConfig } from '../domain/config'
import { IGNORE } from '../domain/labels'
import { randomStream } from '../math/random'
import { drawByLabels, drawCropOf, weightedDraw } from './draw'
import type { ImageCounts } from './label-index'

const FACTS = { format: 'camvid', source: 'folder', trainImages: 3, imageSize: { height: 10, width: 10 } } as const

const configOf = (training: Partial<TrainingConfig>) => defaultConfig(FACTS, 'light', { training }).training

const counts = (given: number, extended = 0): ImageCounts => ({
  imageId: 'x',
  perClass: new Uint32Array(IGNORE),
  given,
  extended,
})

const shareOf = <T>(items: readonly T[], test: (item: T) => boolean) => items.filter(test).length / items.length

describe('an image', () => {
  const drawn = (images: readonly ImageCounts[]) => {
    const draw = drawByLabels(images, configOf({ extendedWeight: 0.5 }))
    const random = randomStream(3, 'test-images')
    return Array.from({ length: 3000 }, () => draw(random))
  }

  it('is drawn as often as it has labelled pixels, extended ones as much as they weigh', () => {
    const all = drawn([counts(900), counts(50, 100), counts(15), counts(0)])
    for (const [image, want] of [900, 100, 15, 0].entries()) {
      expect(Math.abs(shareOf(all, (other) => other === image) - want / 1015)).toBeLessThan(0.02)
    }
    expect(all).not.toContain(3)
  })

  it('is drawn as often as any other where none has a label', () => {
    const all = drawn([counts(0), counts(0)])
    expect(Math.abs(shareOf(all, (image) => image === 0) - 0.5)).toBeLessThan(0.03)
  })
})

describe('a crop', () => {
  const crops = (training: Partial<TrainingConfig>) => {
    const random = randomStream(3, 'test-crops')
    return Array.from({ length: 3000 }, () => drawCropOf(1, configOf(training), random))
  }

  it('shows a labelled pixel where images are drawn by labels, and none in particular where they come in turn', () => {
    const byLabels = crops({ drawFrom: 'labels' })
    expect(Math.abs(shareOf(byLabels, ({ pixelShare }) => (pixelShare ?? 2) < 0.5) - 0.5)).toBeLessThan(0.03)
    expect(byLabels.every(({ image, pixelShare }) => image === 1 && pixelShare !== null && pixelShare < 1)).toBe(true)
    expect(crops({}).every(({ pixelShare }) => pixelShare === null)).toBe(true)
  })

  it('is scaled evenly, mirrored and blurred with its chance', () => {
    const all = crops({ scaleLeast: 0.75, scaleMost: 1.25, flipProbability: 0.2, blurProbability: 0.7 })
    for (const [from, to] of [
      [0.75, 1],
      [1, 1.25],
    ]) {
      expect(Math.abs(shareOf(all, ({ scale }) => scale >= from && scale < to) - 0.5)).toBeLessThan(0.03)
    }
    expect(Math.abs(shareOf(all, ({ isFlipped }) => isFlipped) - 0.2)).toBeLessThan(0.03)
    expect(Math.abs(shareOf(all, ({ blurSigma }) => blurSigma > 0) - 0.7)).toBeLessThan(0.03)
  })
})

it('draws by weight, and nothing where nothing weighs', () => {
  const draw = weightedDraw([0, 3, 0, 1, 0])
  const random = randomStream(1, 'test-draw')
  const times = [0, 0, 0, 0, 0]
  for (let i = 0; i < 2000; i++) times[draw?.(random) ?? 0]++
  expect([times[0], times[2], times[4]]).toEqual([0, 0, 0])
  expect(times[1] / times[3]).toBeGreaterThan(2.6)
  expect(times[1] / times[3]).toBeLessThan(3.4)
  expect(weightedDraw([0, 0])).toBeNull()
  expect(weightedDraw([])).toBeNull()
})
