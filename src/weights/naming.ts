/**
 * The names that published weights give to the tensors of our encoders. Our own names are torchvision's (MobileNetV2)
 * and fyu's (DRN). A naming translates them, so that an error can name a missing tensor as the file would.
 */

import type { DrnName, EncoderName } from '../domain/config'
import { AppError } from '../domain/errors'
import type { NamedArrays } from './safetensors'

/** MobileNetV2's blocks: (expansion t, channels c, blocks n, stride s, dilation) per row at output stride 16. */
export const MOBILENETV2_ROWS = [
  [1, 16, 1, 1, 1],
  [6, 24, 2, 2, 1],
  [6, 32, 3, 2, 1],
  [6, 64, 4, 2, 1],
  [6, 96, 3, 1, 1],
  [6, 160, 3, 1, 1],
  [6, 320, 1, 1, 2],
] as const

/** The arrays of a convolution and its normalisation. */
export type Suffix = 'weight' | 'bias' | 'running_mean' | 'running_var'

interface Scheme {
  /** The library it comes from, for people. */
  label: string
  /** A tensor that every file of this naming has, and no other file. */
  marker: RegExp
  /** The file's name of our convolution or normalisation. */
  layer(ours: string, firstExpansion: boolean): string
  /** GluonCV calls the scale and shift of a normalisation gamma and beta. */
  normSuffixes?: Partial<Record<Suffix, string>>
  separator?: string
  /** A tensor that exists only when the first block has an expansion (MobileNetV2). */
  firstExpansion?: string
}

/** Facts about a file from the names of its tensors. */
export interface WeightsNaming {
  label: string
  encoder: EncoderName
  firstExpansion: boolean
  /** The file's name of an array of one of our layers. */
  tensor(layer: string, kind: 'conv' | 'norm', suffix: Suffix): string
}

/**
 * One of a block's convolutions: expand, depthwise, project. Without an expansion, our names number the others from 0.
 */
interface BlockPart {
  block: number
  /** 0 expand, 1 depthwise, 2 project. */
  part: number
  hasExpansion: boolean
  isNorm: boolean
}

/** Takes our MobileNetV2 name `features.<block>.conv.<i>[.<j>]` apart; null for the stem `features.0.<j>`. */
function blockPart(ours: string, firstExpansion: boolean): BlockPart | null {
  const [, block = 0, , i = 0, j] = ours.split('.').map(Number)
  if (block === 0) return null
  const hasExpansion = block > 1 || firstExpansion
  const skipped = hasExpansion ? 0 : 1
  // The projection is not grouped with its normalisation: conv.2 and conv.3, or conv.1 and conv.2.
  const projection = 2 - skipped
  const isProjection = j === undefined
  const part = isProjection ? 2 : i + skipped
  return { block, part, hasExpansion, isNorm: isProjection ? i > projection : j === 1 }
}

function stemIsNorm(ours: string): boolean {
  return ours.endsWith('.1')
}

/** timm counts stages of blocks: block 4 is `blocks.2.0`. */
function timmLayer(ours: string, firstExpansion: boolean): string {
  const found = blockPart(ours, firstExpansion)
  if (!found) return stemIsNorm(ours) ? 'bn1' : 'conv_stem'
  let index = found.block - 1
  let stage = 0
  for (const [, , count] of MOBILENETV2_ROWS) {
    if (index < count) break
    index -= count
    stage++
  }
  const names = found.hasExpansion ? ['conv_pw', 'conv_dw', 'conv_pwl'] : ['', 'conv_dw', 'conv_pw']
  const norm = found.hasExpansion ? found.part + 1 : found.part
  return `blocks.${stage}.${index}.${found.isNorm ? `bn${norm}` : names[found.part]}`
}

/** Position of a layer in a block written as one list conv, norm, activation, conv, ...: three places a convolution. */
function listPosition({ part, hasExpansion, isNorm }: BlockPart): number {
  return 3 * (hasExpansion ? part : part - 1) + (isNorm ? 1 : 0)
}

function flatLayer(ours: string, firstExpansion: boolean): string {
  const found = blockPart(ours, firstExpansion)
  return found ? `features.${found.block}.conv.${listPosition(found)}` : ours
}

/** GluonCV's parameters by structure: the stem takes three places of the list, a block one. */
function gluonLayer(ours: string, firstExpansion: boolean): string {
  const found = blockPart(ours, firstExpansion)
  if (!found) return `features.${stemIsNorm(ours) ? 1 : 0}`
  return `features.${found.block + 2}.out.${listPosition(found)}`
}

/** GluonCV's parameters by name, as in its exported symbols and ONNX files. */
function gluonSymbolLayer(ours: string, firstExpansion: boolean): string {
  const found = blockPart(ours, firstExpansion)
  if (!found) return `features_${stemIsNorm(ours) ? 'batchnorm0' : 'conv0'}`
  const index = found.hasExpansion ? found.part : found.part - 1
  return `features_linearbottleneck${found.block - 1}_${found.isNorm ? 'batchnorm' : 'conv'}${index}`
}

const GLUON_SUFFIXES = { weight: 'gamma', bias: 'beta' } as const

const MOBILENETV2_SCHEMES: Scheme[] = [
  {
    label: 'torchvision',
    marker: /^((?:.*\.)?)features\.2\.conv\.0\.0\.weight$/,
    layer: (ours) => ours,
    firstExpansion: 'features.1.conv.3.weight',
  },
  {
    label: 'PyTorch port',
    marker: /^((?:.*\.)?)features\.2\.conv\.0\.weight$/,
    layer: flatLayer,
    firstExpansion: 'features.1.conv.6.weight',
  },
  { label: 'timm', marker: /^((?:.*\.)?)blocks\.1\.0\.conv_pwl\.weight$/, layer: timmLayer },
  {
    label: 'GluonCV',
    marker: /^((?:.*\.)?)features\.4\.out\.0\.weight$/,
    layer: gluonLayer,
    normSuffixes: GLUON_SUFFIXES,
    firstExpansion: 'features.3.out.6.weight',
  },
  {
    label: 'GluonCV',
    marker: /^(.*?)features_linearbottleneck1_conv0_weight$/,
    layer: gluonSymbolLayer,
    normSuffixes: GLUON_SUFFIXES,
    separator: '_',
    firstExpansion: 'features_linearbottleneck0_conv2_weight',
  },
]

const DRN_SCHEMES: Scheme[] = [
  { label: 'fyu', marker: /^((?:.*\.)?)layer7\.0\.weight$/, layer: (ours) => ours },
  // The segmentation nets keep the classifier's layers in a list: layer3.0.conv1 is base.3.0.conv1.
  {
    label: 'fyu, segmentation',
    marker: /^((?:.*\.)?)base\.7\.0\.weight$/,
    layer: (ours) => ours.replace(/^layer/, 'base.'),
  },
]

/** null when the names are of no known network. */
export function recogniseNaming(names: ReadonlySet<string>): WeightsNaming | null {
  for (const scheme of MOBILENETV2_SCHEMES) {
    const prefix = prefixOf(scheme, names)
    if (prefix === null) continue
    const firstExpansion = scheme.firstExpansion !== undefined && names.has(prefix + scheme.firstExpansion)
    return naming(scheme, prefix, 'mobilenetv2', firstExpansion)
  }
  for (const scheme of DRN_SCHEMES) {
    const prefix = prefixOf(scheme, names)
    if (prefix === null) continue
    const encoder = drnVariant((ours) => names.has(`${prefix}${scheme.layer(ours, false)}.weight`))
    return encoder && naming(scheme, prefix, encoder, false)
  }
  return null
}

/** The text before the marker, such as `module.` or `backbone.`; null when there is no marker. */
function prefixOf({ marker }: Scheme, names: ReadonlySet<string>): string | null {
  for (const name of names) {
    const prefix = marker.exec(name)?.[1]
    if (prefix !== undefined) return prefix
  }
  return null
}

function naming(scheme: Scheme, prefix: string, encoder: EncoderName, firstExpansion: boolean): WeightsNaming {
  return {
    label: scheme.label,
    encoder,
    firstExpansion,
    tensor: (layer, kind, suffix) => {
      const ending = (kind === 'norm' && scheme.normSuffixes?.[suffix]) || suffix
      return prefix + scheme.layer(layer, firstExpansion) + (scheme.separator ?? '.') + ending
    },
  }
}

/**
 * Tells the DRN-D nets apart by their last residual blocks; null for the ones that are not read here (-105, the C
 * nets).
 */
function drnVariant(has: (ours: string) => boolean): DrnName | null {
  if (!has('layer0.0') || has('layer5.6.conv1')) return null
  if (!has('layer3.2.conv1')) return 'drn-d-22'
  return has('layer3.0.conv3') ? 'drn-d-54' : 'drn-d-38'
}

/** @throws AppError 'bad_file' when the tensors are of no encoder that is known here. */
export function namingOf(arrays: NamedArrays, fileName: string): WeightsNaming {
  const naming = recogniseNaming(new Set([...arrays.keys(), ...(arrays.unread?.keys() ?? [])]))
  if (naming) return naming
  const some = [...arrays.keys()].slice(0, 3).map((name) => `"${name}"`)
  throw new AppError(
    'bad_file',
    some.length > 0
      ? `The weights file "${fileName}" is of no network that is known here: it begins with ${some.join(', ')}.`
      : `The weights file "${fileName}" holds no weights.`,
    'Choose weights of MobileNetV2 (torchvision, timm, GluonCV) or of DRN-D-22, -38 or -54.',
  )
}

/** @throws AppError 'bad_file' when the file holds this tensor, which is needed, as numbers that are not read */
export function refuseUnread(arrays: NamedArrays, tensor: string, fileName: string): void {
  const type = arrays.unread?.get(tensor)
  if (type === undefined) return
  throw new AppError(
    'bad_file',
    `The weights file "${fileName}" holds "${tensor}" as ${type}, which is not read here.`,
    'Save the weights as float32, float16 or bfloat16.',
  )
}

/** Layers behind an encoder, which no run takes from a file. */
const BEHIND_ENCODER =
  /(^|[._])(classifier|fc|head|conv_head|last_linear|seg|up|aux\w*|optimizer|features\.18|output)([._]|$)/

/**
 * Refuses numbers that are not finite, for training would begin and end with them.
 * @throws AppError 'bad_file' naming up to three of the tensors
 */
export function refuseNotFinite(arrays: NamedArrays, fileName: string): void {
  const wrong = [...arrays]
    .filter(([name, { values }]) => !BEHIND_ENCODER.test(name) && !values.every(Number.isFinite))
    .map(([name]) => name)
  if (wrong.length === 0) return
  const more = wrong.length > 3 ? ` and ${wrong.length - 3} more` : ''
  throw new AppError(
    'bad_file',
    `The weights file "${fileName}" holds numbers that are not finite in ${wrong.slice(0, 3).join(', ')}${more}.`,
    'It was saved from a training that had diverged, or its numbers are too large for float32. Choose another file.',
  )
}
