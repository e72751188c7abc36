import { describe, expect, it } from 'vitest'
import { augmentImage, normalizeInto } from './images'

describe('augmentation', () => {
  const size = { height: 1, width: 3 }
  const rgb = Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80, 90)

  it('flips pixels, not channels', () => {
    expect([...(augmentImage(rgb, size, true, 0) as Uint8Array)]).toEqual([70, 80, 90, 40, 50, 60, 10, 20, 30])
  })

  it('blurs each channel apart, keeps a flat image, and conserves an impulse', () => {
    const square = { height: 15, width: 15 }
    const flat = new Uint8Array(15 * 15 * 3).map((_, i) => [10, 100, 200][i % 3])
    const blurred = Array.from(augmentImage(flat, square, false, 0.8))
    expect(Math.max(...blurred.map((value, i) => Math.abs(value - flat[i])))).toBeLessThan(1e-4)
    const impulse = new Uint8Array(15 * 15 * 3)
    impulse[3 * (7 * 15 + 7)] = 255
    const spread = Array.from(augmentImage(impulse, square, false, 1))
    expect(spread.reduce((sum, value) => sum + value, 0)).toBeCloseTo(255, 2)
    // Centre of a sampled Gaussian of sigma 1 cut at 3: (1 / 2.5066) ^ 2 within the cut's 0.3%.
    expect(spread[3 * (7 * 15 + 7)] / 255).toBeCloseTo(0.1592, 2)
    expect(spread.filter((_, i) => i % 3 !== 0).every((value) => value === 0)).toBe(true)
  })

  it('flips and blurs like the sum over all neighbours, edges repeated', () => {
    const [height, width, sigma] = [9, 11, 0.9]
    const source = Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 7919) % 256)
    const weight = (d: number) => Math.exp((-d * d) / (2 * sigma * sigma))
    const taps = [-3, -2, -1, 0, 1, 2, 3]
    const total = taps.reduce((sum, d) => sum + weight(d), 0)
    const clamped = (i: number, length: number) => Math.max(0, Math.min(length - 1, i))
    const want = Array.from(source, (_, i) => {
      const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
      let sum = 0
      for (const dy of taps) {
        for (const dx of taps) {
          const from = clamped(y + dy, height) * width + width - 1 - clamped(x + dx, width)
          sum += (weight(dy) * weight(dx) * source[3 * from + c]) / total ** 2
        }
      }
      return sum
    })
    const got = Array.from(augmentImage(source, { height, width }, true, sigma))
    expect(Math.max(...got.map((value, i) => Math.abs(value - want[i])))).toBeLessThan(1e-4)
  })

  it('normalises with the ImageNet statistics', () => {
    const target = new Float32Array(3)
    normalizeInto(target, 0, [255, 0, 127.5])
    expect(target[0]).toBeCloseTo((1 - 0.485) / 0.229, 5)
    expect(target[1]).toBeCloseTo(-0.456 / 0.224, 5)
    expect(target[2]).toBeCloseTo((0.5 - 0.406) / 0.225, 5)
  })
})
