import { describe, expect, it } from 'vitest'
import { ENCODER_FLOATS_PER_PIXEL } from '../cpral/memory'
import { defaultConfig } from '../cpral/presets'
import type { EncoderName, PresetName } from '../domain/config'
import { ENCODERS } from '../domain/config'
import { type ArrayKind, publishedShape, toDevice, toPublished } from '../weights/layout'
import { buildEncoder } from './encoders'
import { scaleChannels } from './layers'
import { mobileNetV2 } from './mobilenetv2'
import { buildNetwork, countParameters, parameterSpecs } from './network'

const camvid = { format: 'camvid', source: 'folder', trainImages: 367, imageSize: { height: 360, width: 480 } } as const

function counts(preset: PresetName, classes: number, encoderName: EncoderName = 'mobilenetv2') {
  const { network } = defaultConfig(camvid, preset, { network: { encoder: encoderName } })
  const specs = parameterSpecs(buildNetwork(network, classes))
  const millions = (prefix: string) => countParameters(specs.filter(({ name }) => name.startsWith(prefix))) / 1e6
  const [aspp, decoder, rating] = ['aspp.', 'decoder.', 'rating.'].map(millions)
  const encoder = countParameters(specs.filter(({ group }) => group === 'encoder')) / 1e6
  return { encoder, aspp, decoder, rating, total: encoder + aspp + decoder }
}

describe('parameter counts', () => {
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

  it.each<[EncoderName, number, number]>([
    ['drn-d-22', 15.88, 21.3],
    ['drn-d-38', 25.99, 31.4],
    ['drn-d-54', 35.3, 40.7],
  ])('paper on %s, 19 classes: encoder %d M, whole net %d M', (name, encoder, total) => {
    const found = counts('paper', 19, name)
    expect(found.encoder).toBeCloseTo(encoder, 2)
    expect(found.total).toBeCloseTo(total, 1)
  })

  it('rating head on MobileNetV2: 90.6 k', () => {
    expect(counts('light', 11).rating).toBeCloseTo(0.0906, 4)
  })
})

describe('MobileNetV2', () => {
  const config = { encoder: 'mobilenetv2', width: 1, channels: 64, separable: true, firstExpansion: false } as const

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

describe('DRN', () => {
  const encoder = (name: EncoderName) =>
    buildEncoder(defaultConfig(camvid, 'paper', { network: { encoder: name } }).network)

  it('taps layers 3 to 8 at output stride 8, four times as wide in the bottleneck net', () => {
    expect(encoder('drn-d-22')).toMatchObject({ outputStride: 8, lowChannels: 64, highChannels: 512 })
    expect(encoder('drn-d-22').tapChannels).toEqual([64, 128, 256, 512, 512, 512])
    expect(encoder('drn-d-54').tapChannels).toEqual([256, 512, 1024, 2048, 512, 512])
  })

  it('has the published names, strides and dilations', () => {
    const rows = encoder('drn-d-22').layers.map(({ conv, stride, dilation }) => `${conv} ${stride} ${dilation}`)
    expect(rows).toEqual([
      'layer0.0 1 1',
      'layer1.0 1 1',
      'layer2.0 2 1',
      'layer3.0.conv1 2 1',
      'layer3.0.conv2 1 1',
      'layer3.0.downsample.0 2 1',
      'layer3.1.conv1 1 1',
      'layer3.1.conv2 1 1',
      'layer4.0.conv1 2 1',
      'layer4.0.conv2 1 1',
      'layer4.0.downsample.0 2 1',
      'layer4.1.conv1 1 1',
      'layer4.1.conv2 1 1',
      'layer5.0.conv1 1 2',
      'layer5.0.conv2 1 2',
      'layer5.0.downsample.0 1 1',
      'layer5.1.conv1 1 2',
      'layer5.1.conv2 1 2',
      'layer6.0.conv1 1 4',
      'layer6.0.conv2 1 4',
      'layer6.0.downsample.0 1 1',
      'layer6.1.conv1 1 4',
      'layer6.1.conv2 1 4',
      'layer7.0 1 2',
      'layer8.0 1 1',
    ])
  })

  it('strides and dilates the 3x3 of a bottleneck, not its 1x1', () => {
    const layers = encoder('drn-d-54').layers.filter(({ conv }) => /^layer[46]\.0\./.test(conv))
    expect(layers.map(({ conv, kernel, stride, dilation }) => [conv, kernel, stride, dilation])).toEqual([
      ['layer4.0.conv1', 1, 1, 1],
      ['layer4.0.conv2', 3, 2, 1],
      ['layer4.0.conv3', 1, 1, 1],
      ['layer4.0.downsample.0', 1, 2, 1],
      ['layer6.0.conv1', 1, 1, 1],
      ['layer6.0.conv2', 3, 1, 4],
      ['layer6.0.conv3', 1, 1, 1],
      ['layer6.0.downsample.0', 1, 1, 1],
    ])
  })

  it('sees the pyramid at dilations 12, 24 and 36', () => {
    const { network } = defaultConfig(camvid, 'paper', { network: { encoder: 'drn-d-22' } })
    const dilations = buildNetwork(network, 11).aspp.layers.map(({ dilation }) => dilation)
    expect(dilations.filter((dilation) => dilation > 1)).toEqual([12, 24, 36])
  })
})

describe('maps of the encoder', () => {
  it.each(ENCODERS)('%s: what the memory estimate counts', (name) => {
    const { network } = defaultConfig(camvid, 'paper', { network: { encoder: name } })
    let stride = 1
    let floats = 0
    for (const layer of buildEncoder(network).layers) {
      // A residual block's projection runs beside it, at the same stride.
      if (!layer.conv.includes('downsample')) stride *= layer.stride
      floats += layer.outChannels / stride ** 2
    }
    expect(ENCODER_FLOATS_PER_PIXEL[name]).toBe(floats)
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
