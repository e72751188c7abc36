import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../cpral/presets'
import type { TrainingConfig } from '../domain/config'
import { IGNORE } from '../domain/labels'
import { randomStream } from '../math/random'
import { type DrawnPlace, drawPlace, roundDraws } from './draw'
import type { ImageCounts } from './label-index'

const FACTS = { format: 'camvid', source: 'folder', trainImages: 3, imageSize: { height: 10, width: 10 } } as const

const configOf = (training: Partial<TrainingConfig>) => defaultConfig(FACTS, 'light', { training }).training

function counts(perClass: number[], extended = 0, isSparse = false): ImageCounts {
  const pixels = new Uint32Array(IGNORE)
  pixels.set(perClass)
  return { imageId: 'x', perClass: pixels, given: perClass.reduce((sum, n) => sum + n, 0), extended, isSparse }
}

/** Class 1 is enough of two images, class 2 of one; the last image is sparse. */
const IMAGES = [counts([800, 100, 0]), counts([60, 20, 20]), counts([0, 15, 0], 0, true)]

function places(training: Partial<TrainingConfig>, count = 3000, ordered: number | null = null): DrawnPlace[] {
  const config = configOf(training)
  const draws = roundDraws(IMAGES, config)
  const random = randomStream(3, 'test-places')
  return Array.from({ length: count }, () => drawPlace(draws, config, random, ordered))
}

const shareOf = <T>(items: readonly T[], test: (item: T) => boolean) => items.filter(test).length / items.length

describe('a place of a batch', () => {
  it('draws an image as often as it has labelled pixels, and a pixel to show', () => {
    const drawn = places({ drawFrom: 'labels' })
    const total = 900 + 100 + 15
    for (const [image, want] of [900, 100, 15].entries()) {
      const share = shareOf(drawn, ({ crops }) => crops[0].image === image)
      expect(Math.abs(share - want / total)).toBeLessThan(0.02)
    }
    expect(drawn.every(({ crops }) => crops.length === 1 && crops[0].pixel?.isCentre === false)).toBe(true)
  })

  it('takes the image whose turn it is, and shows no pixel in particular', () => {
    const drawn = places({ scaleLeast: 0.5 }, 10, 1)
    expect(drawn.every(({ crops }) => crops[0].image === 1 && crops[0].pixel === null)).toBe(true)
  })

  it('becomes four crops of sparse images when it draws one', () => {
    const drawn = places({ drawFrom: 'labels', mosaic: true })
    for (const { crops } of drawn) {
      const isSparse = IMAGES[crops[0].image].isSparse
      expect(crops).toHaveLength(isSparse ? 4 : 1)
      if (isSparse) expect(crops.every(({ image, pixel }) => image === 2 && pixel?.isCentre)).toBe(true)
    }
    expect(drawn.some(({ crops }) => crops.length === 4)).toBe(true)
  })

  it('is centred on a rare class by softmax((1 - share) / temperature), in images that hold 16 pixels of it', () => {
    const temperature = 0.4
    const crops = places({ drawFrom: 'labels', rareShare: 0.4, rareTemperature: temperature }).map(
      (place) => place.crops[0],
    )
    const rare = crops.filter(({ pixel }) => pixel?.isCentre)
    expect(Math.abs(rare.length / crops.length - 0.4)).toBeLessThan(0.03)
    const shares = [860, 135, 20].map((pixels) => pixels / 1015)
    const exponents = shares.map((share) => Math.exp((1 - share) / temperature))
    const sum = exponents.reduce((total, value) => total + value, 0)
    for (const [classId, exponent] of exponents.entries()) {
      expect(Math.abs(shareOf(rare, ({ pixel }) => pixel?.classId === classId) - exponent / sum)).toBeLessThan(0.04)
    }
    const imagesOf = (classId: number) =>
      rare.filter(({ pixel }) => pixel?.classId === classId).map(({ image }) => image)
    expect(new Set(imagesOf(2))).toEqual(new Set([1]))
    expect(Math.abs(shareOf(imagesOf(1), (image) => image === 0) - 0.5)).toBeLessThan(0.06)
    expect(imagesOf(1)).not.toContain(2)
  })

  it('pastes with its chance, scales evenly and recolours within the jitter', () => {
    const drawn = places({ drawFrom: 'labels', pasteProbability: 0.3, scaleLeast: 0.75, scaleMost: 1.25, jitter: 0.2 })
    expect(Math.abs(shareOf(drawn, ({ pasted }) => pasted !== null) - 0.3)).toBeLessThan(0.03)
    const crops = drawn.map((place) => place.crops[0])
    for (const [from, to] of [
      [0.75, 1],
      [1, 1.25],
    ]) {
      expect(Math.abs(shareOf(crops, ({ scale }) => scale >= from && scale < to) - 0.5)).toBeLessThan(0.03)
    }
    for (const factor of ['brightness', 'contrast', 'saturation'] as const) {
      const values = crops.map(({ jitter }) => jitter?.[factor] ?? 0)
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0.8)
      expect(Math.max(...values)).toBeLessThanOrEqual(1.2)
      expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.35)
    }
  })
})
