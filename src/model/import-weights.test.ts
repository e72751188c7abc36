/** Complete sets of names as the published files have them, written in the order of the forward pass. */
import { describe, expect, test } from 'vitest'
import type { EncoderName } from '../domain/config'
import { AppError } from '../domain/errors'
import { namingOf } from '../weights/naming'
import type { NamedArrays } from '../weights/safetensors'
import { buildEncoder } from './encoders'
import { importWeights } from './import-weights'

/** A convolution's filter with its name and that of its normalisation, without endings. */
interface Layer {
  conv: string
  norm: string
  shape: number[]
}

interface Style {
  stem: [string, string]
  /**
   * Names in block `block` (from 1), which is number `index` of row `row`: of its convolutions `expand`, `depthwise`,
   * `project`.
   */
  block(
    place: { block: number; row: number; index: number },
    part: 'expand' | 'depthwise' | 'project',
    hasExpansion: boolean,
  ): [string, string]
}

const ROWS = [
  [1, 16, 1],
  [6, 24, 2],
  [6, 32, 3],
  [6, 64, 4],
  [6, 96, 3],
  [6, 160, 3],
  [6, 320, 1],
] as const

function mobileNetLayers(style: Style, firstExpansion: boolean): Layer[] {
  const layers: Layer[] = [{ conv: style.stem[0], norm: style.stem[1], shape: [32, 3, 3, 3] }]
  let channels = 32
  let block = 0
  ROWS.forEach(([t, c, n], row) => {
    for (let index = 0; index < n; index++) {
      block++
      const hidden = t * channels
      const hasExpansion = t > 1 || firstExpansion
      const add = (part: 'expand' | 'depthwise' | 'project', shape: number[]) => {
        const [conv, norm] = style.block({ block, row, index }, part, hasExpansion)
        layers.push({ conv, norm, shape })
      }
      if (hasExpansion) add('expand', [hidden, channels, 1, 1])
      add('depthwise', [hidden, 1, 3, 3])
      add('project', [c, hidden, 1, 1])
      channels = c
    }
  })
  return layers
}

const PARTS = { expand: 0, depthwise: 1, project: 2 }

const torchvision: Style = {
  stem: ['features.0.0', 'features.0.1'],
  block: ({ block }, part, hasExpansion) => {
    const i = PARTS[part] - (hasExpansion ? 0 : 1)
    const prefix = `features.${block}.conv.`
    return part === 'project' ? [`${prefix}${i}`, `${prefix}${i + 1}`] : [`${prefix}${i}.0`, `${prefix}${i}.1`]
  },
}

const list =
  (start: (block: number) => string) =>
  ({ block }: { block: number }, part: keyof typeof PARTS, hasExpansion: boolean): [string, string] => {
    const i = 3 * (PARTS[part] - (hasExpansion ? 0 : 1))
    return [`${start(block)}.${i}`, `${start(block)}.${i + 1}`]
  }

const port: Style = {
  stem: ['features.0.0', 'features.0.1'],
  block: list((block) => `features.${block}.conv`),
}

const gluon: Style = {
  stem: ['features.0', 'features.1'],
  block: list((block) => `features.${block + 2}.out`),
}

const gluonSymbols: Style = {
  stem: ['mobilenetv20_features_conv0', 'mobilenetv20_features_batchnorm0'],
  block: ({ block }, part, hasExpansion) => {
    const prefix = `mobilenetv20_features_linearbottleneck${block - 1}_`
    const i = PARTS[part] - (hasExpansion ? 0 : 1)
    return [`${prefix}conv${i}`, `${prefix}batchnorm${i}`]
  },
}

const timm: Style = {
  stem: ['conv_stem', 'bn1'],
  block: ({ row, index }, part, hasExpansion) => {
    const prefix = `blocks.${row}.${index}.`
    if (!hasExpansion)
      return part === 'depthwise' ? [`${prefix}conv_dw`, `${prefix}bn1`] : [`${prefix}conv_pw`, `${prefix}bn2`]
    const names = { expand: ['conv_pw', 'bn1'], depthwise: ['conv_dw', 'bn2'], project: ['conv_pwl', 'bn3'] }[part]
    return [prefix + names[0], prefix + names[1]]
  },
}

function drnLayers(blocks: number[], isBottleneck: boolean, start: (layer: number) => string): Layer[] {
  const layers: Layer[] = [{ conv: `${start(0)}.0`, norm: `${start(0)}.1`, shape: [16, 3, 7, 7] }]
  let channels = 16
  for (const [i, out] of [16, 32, 64, 128, 256, 512, 512, 512].entries()) {
    const prefix = start(i + 1)
    const isResidual = i >= 2 && i <= 5
    if (!isResidual) layers.push({ conv: `${prefix}.0`, norm: `${prefix}.1`, shape: [out, channels, 3, 3] })
    const wide = isResidual && isBottleneck ? 4 * out : out
    for (let b = 0; isResidual && b < (blocks[i] as number); b++) {
      const filters = isBottleneck
        ? [
            [out, channels, 1, 1],
            [out, out, 3, 3],
            [wide, out, 1, 1],
          ]
        : [
            [out, channels, 3, 3],
            [out, out, 3, 3],
          ]
      filters.forEach((shape, f) => {
        layers.push({ conv: `${prefix}.${b}.conv${f + 1}`, norm: `${prefix}.${b}.bn${f + 1}`, shape })
      })
      const [conv, norm] = [`${prefix}.${b}.downsample.0`, `${prefix}.${b}.downsample.1`]
      if (b === 0) layers.push({ conv, norm, shape: [wide, channels, 1, 1] })
      channels = wide
    }
    channels = wide
  }
  return layers
}

interface Endings {
  separator: string
  norm: string[]
}

const PYTORCH: Endings = { separator: '.', norm: ['weight', 'bias', 'running_mean', 'running_var'] }
const MXNET: Endings = { separator: '.', norm: ['gamma', 'beta', 'running_mean', 'running_var'] }

/** Every array's first number is its place in the forward pass. Beside them, what files have and nobody needs. */
function file(layers: Layer[], { separator, norm }: Endings = PYTORCH, prefix = ''): NamedArrays {
  const arrays: NamedArrays = new Map()
  const add = (name: string, shape: number[]) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1))
    values[0] = arrays.size
    arrays.set(prefix + name, { shape, values })
  }
  for (const layer of layers) {
    add(`${layer.conv}${separator}weight`, layer.shape)
    for (const ending of norm) add(`${layer.norm}${separator}${ending}`, [layer.shape[0] as number])
  }
  add('classifier.weight', [1000, 8])
  return arrays
}

const D22 = [1, 1, 2, 2, 2, 2, 1, 1]
const D38 = [1, 1, 3, 4, 6, 3, 1, 1]
const published = (layer: number) => `layer${layer}`
const wrapped = (layer: number) => `base.${layer}`

type Case = [title: string, arrays: () => NamedArrays, encoder: EncoderName, label: string, firstExpansion: boolean]

const CASES: Case[] = [
  ['torchvision', () => file(mobileNetLayers(torchvision, false)), 'mobilenetv2', 'torchvision', false],
  [
    'torchvision with t = 1 expansion',
    () => file(mobileNetLayers(torchvision, true)),
    'mobilenetv2',
    'torchvision',
    true,
  ],
  ['a PyTorch port', () => file(mobileNetLayers(port, false)), 'mobilenetv2', 'PyTorch port', false],
  [
    'a port, t = 1, in parallel',
    () => file(mobileNetLayers(port, true), PYTORCH, 'module.'),
    'mobilenetv2',
    'PyTorch port',
    true,
  ],
  ['timm', () => file(mobileNetLayers(timm, false)), 'mobilenetv2', 'timm', false],
  ['GluonCV by structure', () => file(mobileNetLayers(gluon, true), MXNET), 'mobilenetv2', 'GluonCV', true],
  [
    'GluonCV by name',
    () => file(mobileNetLayers(gluonSymbols, true), { ...MXNET, separator: '_' }),
    'mobilenetv2',
    'GluonCV',
    true,
  ],
  ['fyu DRN-D-22', () => file(drnLayers(D22, false, published)), 'drn-d-22', 'fyu', false],
  [
    'fyu DRN-D-38 in a segmentation net',
    () => file(drnLayers(D38, false, wrapped), PYTORCH, 'module.'),
    'drn-d-38',
    'fyu, segmentation',
    false,
  ],
  [
    'fyu DRN-D-54 as a backbone',
    () => file(drnLayers(D38, true, published), PYTORCH, 'backbone.'),
    'drn-d-54',
    'fyu',
    false,
  ],
]

function encoderOf(name: EncoderName, firstExpansion: boolean, width = 1) {
  return buildEncoder({ encoder: name, width, channels: 64, separable: true, firstExpansion })
}

function refusal(body: () => unknown): string {
  try {
    body()
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad_file') return `${error.message} ${error.remedy}`
    throw error
  }
  return 'taken without complaint'
}

describe.each(CASES)('%s', (_, makeArrays, name, label, firstExpansion) => {
  const arrays = makeArrays()

  test('is recognised', () => {
    expect(namingOf(arrays, 'w')).toMatchObject({ encoder: name, label, firstExpansion })
  })

  test('every tensor of the encoder gets its own', () => {
    const encoder = encoderOf(name, firstExpansion)
    const imported = importWeights(arrays, encoder, 'w')
    const ours = encoder.layers.flatMap(({ conv, norm }) => [
      `${conv}.weight`,
      ...['weight', 'bias', 'running_mean', 'running_var'].map((ending) => `${norm}.${ending}`),
    ])
    expect([...imported.keys()]).toEqual(ours)
    expect([...imported.values()].map(({ values }) => values[0])).toEqual(ours.map((_, i) => i))
  })

  test('a missing tensor is named as in the file, with its shape', () => {
    for (const missing of [...arrays.keys()].filter((_, i) => i % 40 === 3)) {
      const shape = arrays.get(missing)?.shape
      const cut = new Map([...arrays].filter(([key]) => key !== missing))
      const sentence = refusal(() => importWeights(cut, encoderOf(name, firstExpansion), 'cut.pth'))
      expect(sentence).toContain(`"cut.pth" has no tensor "${missing}" of shape [${shape}]`)
    }
  })
})

test('a tensor that does not fit is named with both shapes', () => {
  const sentence = refusal(() =>
    importWeights(file(mobileNetLayers(timm, false)), encoderOf('mobilenetv2', false, 0.5), 'wide.safetensors'),
  )
  expect(sentence).toMatch(
    /"wide\.safetensors" has "conv_stem\.weight" of shape \[32,3,3,3\], but this network needs \[16,3,3,3\]/,
  )
})

test('other networks are refused by their names', () => {
  const resnet: NamedArrays = new Map([['conv1.weight', { shape: [1], values: Float32Array.of(1) }]])
  expect(refusal(() => namingOf(resnet, 'resnet.pth'))).toMatch(
    /"resnet\.pth" is of no network .*"conv1\.weight".*DRN-D-22/,
  )
  const d105 = drnLayers([1, 1, 3, 4, 23, 3, 1, 1], true, published)
  expect(refusal(() => namingOf(file(d105), 'd105.pth'))).toMatch(/"d105\.pth" is of no network/)
  expect(refusal(() => namingOf(new Map(), 'none.pth'))).toMatch(/"none\.pth" holds no weights/)
})
