import { describe, expect, it } from 'vitest'
import golden from '../../tests/golden/label-noise.json'
import type { NoiseConfig, NoiseKind } from '../domain/config'
import { IGNORE } from '../domain/labels'
import { randomStream } from '../math/random'
import { segmentsOf, withNoise } from './label-noise'

const size = { height: 200, width: 300 }
const CLASSES = 7
/** Every class and void, pixel by pixel. */
const truth = (() => {
  const stream = randomStream(1, 'test-truth')
  return Uint8Array.from({ length: size.height * size.width }, () => {
    const id = stream.below(CLASSES + 1)
    return id === CLASSES ? IGNORE : id
  })
})()

const noiseOf = (kind: NoiseKind, share: number, unit: NoiseConfig['unit'] = 'pixel'): NoiseConfig => ({
  kind,
  share,
  unit,
})
const noisy = (noise: NoiseConfig, seed = 1, order = 0, mask = truth, classCount = CLASSES) =>
  withNoise(mask, size, classCount, noise, seed, order)

/** Share of the pixels `where` that satisfy `is`, 0..1. */
function shareOf(where: (i: number) => boolean, is: (i: number) => boolean): number {
  let [all, some] = [0, 0]
  for (let i = 0; i < truth.length; i++) {
    if (!where(i)) continue
    all++
    if (is(i)) some++
  }
  return some / all
}

describe('label noise', () => {
  it.each(golden.cases)('is NumPy’s: $kind, $share by $unit, seed $seed, image $order', (expected) => {
    const { kind, share, unit, seed, order, mask } = expected
    const noise = noiseOf(kind as NoiseKind, share, unit as NoiseConfig['unit'])
    const clean = Uint8Array.from(golden.truth)
    expect([...withNoise(clean, golden, golden.classes, noise, seed, order)]).toEqual(mask)
    expect([...clean]).toEqual(golden.truth)
  })

  it.each([0.2, 0.4, 0.6])('takes a share of %d of the pixels that have a class, of each class alike', (share) => {
    const mask = noisy(noiseOf('missing', share))
    for (let c = 0; c < CLASSES; c++) {
      expect(
        shareOf(
          (i) => truth[i] === c,
          (i) => mask[i] === IGNORE,
        ),
      ).toBeCloseTo(share, 1.5)
    }
    expect(
      shareOf(
        (i) => truth[i] !== IGNORE,
        (i) => mask[i] !== truth[i],
      ),
    ).toBeCloseTo(share, 2)
  })

  it('leaves void void, and with a share of 0 everything', () => {
    for (const kind of ['symmetric', 'missing', 'random', 'mixed'] as const) {
      const mask = noisy(noiseOf(kind, 1))
      expect(truth.filter((id, i) => id === IGNORE && mask[i] !== IGNORE)).toHaveLength(0)
      expect(noisy(noiseOf(kind, 0))).toEqual(truth)
    }
  })

  it('mirrors classes, and leaves the middle one of an odd number as it is', () => {
    const mask = noisy(noiseOf('symmetric', 1))
    expect(mask).toEqual(truth.map((id) => (id === IGNORE ? IGNORE : CLASSES - 1 - id)))
    expect(
      shareOf(
        (i) => truth[i] === 3,
        (i) => mask[i] === 3,
      ),
    ).toBe(1)
  })

  it('draws every other class alike, never the right one', () => {
    const mask = noisy(noiseOf('random', 1))
    for (let c = 0; c < CLASSES; c++) {
      for (let other = 0; other < CLASSES; other++) {
        const share = shareOf(
          (i) => truth[i] === c,
          (i) => mask[i] === other,
        )
        if (other === c) expect(share).toBe(0)
        else expect(Math.abs(share - 1 / 6)).toBeLessThan(0.02)
      }
    }
  })

  it('mixes symmetric, missing and random as 1:2:1', () => {
    const mask = noisy(noiseOf('mixed', 1))
    const isZero = (i: number) => truth[i] === 0
    expect(shareOf(isZero, (i) => mask[i] === IGNORE)).toBeCloseTo(1 / 2, 1.5)
    // A random class is the mirrored one in one case of six.
    expect(shareOf(isZero, (i) => mask[i] === 6)).toBeCloseTo(1 / 4 + 1 / 24, 1.5)
    expect(shareOf(isZero, (i) => mask[i] === 2)).toBeCloseTo(1 / 24, 1.5)
  })

  it('is wrong at a small share only where it is wrong at a larger one, and alike', () => {
    const [few, many] = [noisy(noiseOf('mixed', 0.2)), noisy(noiseOf('mixed', 0.6))]
    expect(
      shareOf(
        (i) => few[i] !== truth[i],
        (i) => many[i] === few[i],
      ),
    ).toBe(1)
  })

  it('chooses other pixels in another image and under another seed', () => {
    const isWrong = (mask: Uint8Array) => (i: number) => mask[i] !== truth[i]
    const first = isWrong(noisy(noiseOf('missing', 0.2)))
    for (const [seed, order] of [
      [1, 1],
      [2, 0],
    ]) {
      const other = isWrong(noisy(noiseOf('missing', 0.2), seed, order))
      expect(shareOf((i) => truth[i] !== IGNORE && first(i), other)).toBeCloseTo(0.2, 1.5)
    }
  })

  it('has a class for two classes, and nothing to be confused with one', () => {
    const mask = truth.map((id) => (id === IGNORE ? IGNORE : id % 2))
    expect(noisy(noiseOf('random', 1), 1, 0, mask, 2)).toEqual(mask.map((id) => (id === IGNORE ? IGNORE : 1 - id)))
    const ones = mask.map((id) => (id === IGNORE ? IGNORE : 0))
    expect(noisy(noiseOf('random', 1), 1, 0, ones, 1)).toEqual(ones)
  })
})

describe('segments', () => {
  it('hang together over sides, not corners', () => {
    const mask = Uint8Array.of(0, 0, 1, 2, 1, 1, 0, 2, 0, 1, 2, 2)
    expect([...segmentsOf(mask, { height: 3, width: 4 })]).toEqual([0, 0, 2, 3, 4, 4, 6, 3, 8, 4, 3, 3])
  })

  it('do not go on from the end of a row to the next', () => {
    expect([...segmentsOf(Uint8Array.of(1, 0, 0, 1, 1, 0), { height: 3, width: 2 })]).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('are SciPy’s', () => {
    expect([...segmentsOf(Uint8Array.from(golden.truth), golden)]).toEqual(golden.segments)
  })

  it('are wrong as a whole', () => {
    const blocks = truth.map((_, i) => {
      const [row, column] = [Math.floor(i / size.width / 10), Math.floor((i % size.width) / 10)]
      return (row * 3 + column * 2) % CLASSES
    })
    const mask = noisy(noiseOf('random', 0.4, 'segment'), 3, 0, blocks)
    const wrong = new Map<number, Set<number>>()
    for (const [i, segment] of segmentsOf(blocks, size).entries()) {
      wrong.set(segment, (wrong.get(segment) ?? new Set()).add(mask[i]))
    }
    expect(wrong.size).toBe(600)
    for (const answers of wrong.values()) expect(answers.size).toBe(1)
    const chosen = [...wrong].filter(([segment, answers]) => !answers.has(blocks[segment]))
    expect(Math.abs(chosen.length / wrong.size - 0.4)).toBeLessThan(0.06)
  })
})
