/** The command-line options of the headless commands, checked with sentences that name the option and the value. */
import { parseArgs } from 'node:util'
import { isMethodName, METHODS } from '../../src/cpral/methods'
import type { ConfigOverrides } from '../../src/cpral/presets'
import type { EncoderName, MethodName, NoiseConfig, PresetName } from '../../src/domain/config'
import { ENCODERS, NOISE_KINDS, NOISE_UNITS, RECIPES } from '../../src/domain/config'
import type { DatasetFormat } from '../../src/domain/dataset'
import type { EngineName } from '../../src/domain/engine'
import type { Size } from '../../src/domain/size'

/** A mistake on the command line: shown as it is, without a stack. */
export class UsageError extends Error {}

export type Values = Record<string, string | boolean | undefined>

const FORMATS: readonly DatasetFormat[] = ['cityscapes', 'bdd100k', 'camvid', 'generic']
const PRESETS: readonly PresetName[] = ['paper', 'light', 'tiny']
export const ENGINES: readonly EngineName[] = ['webgpu', 'wasm']
const PRECISIONS = ['float32', 'float16'] as const

export function text(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

export function oneOf<T extends string>(values: Values, name: string, allowed: readonly T[]): T | undefined {
  const value = text(values, name)
  if (value === undefined) return undefined
  const found = allowed.find((item) => item === value)
  if (found === undefined) throw new UsageError(`--${name} is "${value}"; it must be one of ${allowed.join(', ')}.`)
  return found
}

export function number(values: Values, name: string, kind: 'whole' | 'real', least: number): number | undefined {
  const value = text(values, name)
  if (value === undefined) return undefined
  const parsed = value.trim() === '' ? Number.NaN : Number(value)
  const isRight = Number.isFinite(parsed) && parsed >= least && (kind === 'real' || Number.isSafeInteger(parsed))
  if (!isRight) {
    const what = kind === 'whole' ? 'a whole number' : 'a number'
    throw new UsageError(`--${name} is "${value}"; it must be ${what} of at least ${least}.`)
  }
  return parsed
}

function size(values: Values): Size | undefined {
  const value = text(values, 'size')
  if (value === undefined) return undefined
  const match = /^(\d+)x(\d+)$/.exec(value)
  const found = { height: Number(match?.[1]), width: Number(match?.[2]) }
  if (!match || found.height < 32 || found.width < 32) {
    throw new UsageError(
      `--size is "${value}"; it must be HEIGHTxWIDTH in pixels, at least 32x32, for example 180x240.`,
    )
  }
  return found
}

function method(values: Values): MethodName | undefined {
  const value = text(values, 'method')
  if (value === undefined || isMethodName(value)) return value
  throw new UsageError(`--method is "${value}"; it must be one of ${Object.keys(METHODS).join(', ')}.`)
}

/** KIND:SHARE[:UNIT], by pixel when no unit is given. */
function noise(values: Values): NoiseConfig | undefined {
  const value = text(values, 'noise')
  if (value === undefined) return undefined
  const [kindName, shareText = '', unitName = 'pixel', ...rest] = value.split(':')
  const kind = NOISE_KINDS.find((name) => name === kindName)
  const unit = NOISE_UNITS.find((name) => name === unitName)
  const share = shareText.trim() === '' ? Number.NaN : Number(shareText)
  if (!kind || !unit || !(share >= 0 && share <= 1) || rest.length > 0) {
    throw new UsageError(
      `--noise is "${value}"; it must be KIND:SHARE or KIND:SHARE:UNIT, for example mixed:0.2 or random:0.4:segment: a kind of ${NOISE_KINDS.join(', ')}, a share from 0 to 1, a unit of ${NOISE_UNITS.join(', ')}.`,
    )
  }
  return { kind, share, unit }
}

/** Leaves out the options that were not given, so that the dataset's defaults hold for them. */
function given<T extends object>(options: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>
}

function parse(argv: readonly string[], strings: readonly string[], flags: readonly string[]): Values {
  const options: Record<string, { type: 'string' | 'boolean' }> = {}
  for (const name of strings) options[name] = { type: 'string' }
  for (const name of flags) options[name] = { type: 'boolean' }
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values as Values
  } catch (error) {
    throw new UsageError(
      `${(error as Error).message.split('. ')[0]}. The options are ${[...strings, ...flags].map((name) => `--${name}`).join(', ')}.`,
    )
  }
}

export interface ExperimentOptions {
  data: string
  format: DatasetFormat | null
  preset: PresetName
  /** Null: that of the weights, or the preset's. */
  encoder: EncoderName | null
  /** A file, or an address that begins with http. */
  weights: string | null
  engine: EngineName | null
  out: string
  overrides: ConfigOverrides
}

const EXPERIMENT_OPTIONS = [
  'data',
  'format',
  'method',
  'preset',
  'recipe',
  'encoder',
  'weights',
  'size',
  'rounds',
  'initial',
  'panoptic',
  'budget',
  'epochs',
  'steps',
  'seed',
  'engine',
  'out',
  'region',
  'lr',
  'batch',
  'head-lr',
  'rating-weight',
  'precision',
  'noise',
]

export function parseExperiment(argv: readonly string[]): ExperimentOptions {
  const values = parse(argv, EXPERIMENT_OPTIONS, ['equal-steps'])
  const data = text(values, 'data')
  const out = text(values, 'out')
  if (!data) throw new UsageError('--data is missing: the folder with the images and their masks.')
  if (!out)
    throw new UsageError('--out is missing: the folder for run.json, curve.csv, report.html and the work in progress.')
  const batchSize = number(values, 'batch', 'whole', 2)
  if (batchSize !== undefined && batchSize % 2 !== 0) {
    throw new UsageError(`--batch is "${batchSize}"; the rating loss compares pairs, so it must be even.`)
  }
  const selection = given({
    method: method(values),
    rounds: number(values, 'rounds', 'whole', 1),
    initialImages: number(values, 'initial', 'whole', 1),
    panopticSize: number(values, 'panoptic', 'whole', 1),
    budgetImages: number(values, 'budget', 'real', 0),
    regionSide: number(values, 'region', 'whole', 4),
  })
  const training = given({
    batchSize,
    epochs: number(values, 'epochs', 'whole', 1),
    steps: number(values, 'steps', 'whole', 1),
    equalSteps: values['equal-steps'] === true ? true : undefined,
    learningRate: number(values, 'lr', 'real', 0),
    headLrFactor: number(values, 'head-lr', 'real', 0),
    ratingWeight: number(values, 'rating-weight', 'real', 0),
  })
  const monteCarlo = given({ precision: oneOf(values, 'precision', PRECISIONS) })
  return {
    data,
    format: oneOf(values, 'format', FORMATS) ?? null,
    preset: oneOf(values, 'preset', PRESETS) ?? 'light',
    encoder: oneOf(values, 'encoder', ENCODERS) ?? null,
    weights: text(values, 'weights') ?? null,
    engine: oneOf(values, 'engine', ENGINES) ?? null,
    out,
    overrides: {
      ...given({
        recipe: oneOf(values, 'recipe', RECIPES),
        seed: number(values, 'seed', 'whole', 0),
        size: size(values),
        noise: noise(values),
      }),
      selection,
      training,
      monteCarlo,
    },
  }
}

export interface DemoOptions {
  quick: boolean
  seed: number
  engine: EngineName | null
  out: string
  overrides: ConfigOverrides
}

export function parseDemo(argv: readonly string[]): DemoOptions {
  const values = parse(argv, ['engine', 'out', 'seed', 'method', 'recipe'], ['quick'])
  const quick = values.quick === true
  const engine = oneOf(values, 'engine', ENGINES) ?? null
  const seed = number(values, 'seed', 'whole', 0) ?? 1
  // What a visitor sees. An experiment repeats the paper's unless told otherwise.
  const recipe = oneOf(values, 'recipe', RECIPES) ?? 'studio'
  const parts = [engine, quick && 'quick', recipe === 'paper' && recipe]
  const name = ['demo', ...parts.filter((part) => typeof part === 'string')].join('-')
  return {
    quick,
    seed,
    engine,
    out: text(values, 'out') ?? `out/${name}`,
    overrides: { recipe, seed, selection: given({ method: method(values) }) },
  }
}
