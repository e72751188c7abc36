import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../cpral/presets'
import { type ArrayKind, publishedShape, toDevice, toPublished } from './layout'
import { mobileNetV2, scaleChannels } from './mobilenetv2'
import { buildNetwork, countParameters, parameterSpecs } from './network'

const camvid = { format: 'camvid', source: 'folder', trainImages: 367, imageSize: { height: 360, width: 480 } } as const

function counts(preset: 'paper' | 'light' | 'tiny', classes: number) {
  const specs = parameterSpecs(buildNetwork(defaultConfig(camvid, preset).network, classes))
  const millions = (prefix: string) => countParameters(specs.filter(({ name }) => name.startsWith(prefix))) / 1e6
  const [encoder, aspp, decoder, rating] = ['features.', 'aspp.', 'decoder.', 'rating.'].map(millions)
  return { encoder, aspp, decoder, rating, total: encoder + aspp + decoder }
}

describe('parameter counts (spec section 2)', () => {
  it('paper, 19 classes: 1.812 + 2.706 + 1.297 = 5.816 M', () => {
    const { encoder, aspp, decoder, total } = counts('paper', 19)
    expect(encoder).toBeCloseTo(1.812, 3)
    expect(aspp).toBeCloseTo(2.706, 3)
    expect(decoder).toBeCloseTo(1.297, 3)
    expect(total).toBeCloseTo(5.816, 3)
  })

  it('light, 11 classes: 1.96 M', () => {
    expect(counts('light', 11).total).toBeCloseTo(1.96, 2)
  })

  it('rating head on MobileNetV2: 90.6 k', () => {
    expect(counts('light', 11).rating).toBeCloseTo(0.0906, 4)
  })
})

describe('MobileNetV2', () => {
  const config = { width: 1, channels: 64, separable: true, firstExpansion: false }

  it('taps 24, 32, 64, 96, 160 and 320 channels', () => {
    expect(mobileNetV2(config).tapChannels).toEqual([24, 32, 64, 96, 160, 320])
  })

  it('names the first block after the published variant', () => {
    const names = (firstExpansion: boolean) =>
      mobileNetV2({ ...config, firstExpansion })
        .layers.slice(1, 4)
        .map(({ conv }) => conv)
    expect(names(false)).toEqual(['features.1.conv.0.0', 'features.1.conv.1', 'features.2.conv.0.0'])
    expect(names(true)).toEqual(['features.1.conv.0.0', 'features.1.conv.1.0', 'features.1.conv.2'])
  })

  it('rounds channels to multiples of 8, never more than 10% down', () => {
    expect([16, 24, 32, 96, 320].map((c) => scaleChannels(c, 0.35))).toEqual([8, 8, 16, 32, 112])
    expect([32, 160].map((c) => scaleChannels(c, 0.25))).toEqual([8, 40])
  })
})

describe('layouts', () => {
  it.each<[ArrayKind, number[], number[]]>([
    ['filter', [3, 3, 2, 4], [4, 2, 3, 3]],
    ['depthwise-filter', [3, 3, 5, 1], [5, 1, 3, 3]],
    ['dense', [6, 2], [2, 6]],
    ['bias', [7], [7]],
  ])('%s turns around and back', (kind, device, published) => {
    const count = device.reduce((a: number, b: number) => a * b, 1)
    const values = Float32Array.from({ length: count }, (_, i) => i)
    const array = toPublished(kind, device, values)
    expect(publishedShape(kind, device)).toEqual(published)
    expect(toDevice(kind, device, array.values)).toEqual(values)
  })

  it('puts element (kh, kw, in, out) of a filter at (out, in, kh, kw)', () => {
    const values = new Float32Array(3 * 3 * 2 * 4)
    values[((1 * 3 + 2) * 2 + 1) * 4 + 3] = 1 // kh 1, kw 2, in 1, out 3
    expect(toPublished('filter', [3, 3, 2, 4], values).values.indexOf(1)).toBe(((3 * 2 + 1) * 3 + 1) * 3 + 2)
  })
})
