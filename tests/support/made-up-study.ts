/** Studies that nobody ran: whole lines and runs for the tests of measures, tables and reports. */
import { type ConfigOverrides, defaultConfig } from '../../src/cpral/presets'
import type { MethodName, NoiseConfig } from '../../src/domain/config'
import { noSeconds } from '../../src/domain/stages'
import type { RoundResult, RunResult } from '../../src/study/run-result'
import type { StudyLine, StudyPart } from '../../src/study/study-line'
import type { LineOutcome } from '../../src/study/study-outcome'

export const CLASSES = ['road', 'sky', 'bus', 'pole']
const FACTS = {
  format: 'generic',
  source: 'demo',
  trainImages: 20,
  imageSize: { height: 128, width: 256 },
} as const

export function roundResult(values: Partial<RoundResult> = {}): RoundResult {
  return {
    labelledShare: 0.1,
    labelledPixels: 100,
    poolPixels: 1000,
    mIoU: 0.5,
    iouPerClass: [0.75, 0.25, null, 0.5],
    pixelAccuracy: 0.75,
    steps: 10,
    labelledSeen: 5000,
    images: ['a'],
    regions: [{ image: 'a', x: 0, y: 0, width: 10, height: 10, score: 1 }],
    selectedClassPixels: [60, 20, 0, 20],
    poolClassPixels: [700, 200, 0, 100],
    candidates: null,
    unspentPixels: 0,
    noise: null,
    adversary: null,
    extension: null,
    seconds: { ...noSeconds(), train: 10, evaluate: 2, rate: 1, entropy: 3, attend: 0.5, select: 0.5, extend: 4 },
    ...values,
  }
}

export function runOf(rounds: RoundResult[], values: Partial<RunResult> = {}): RunResult {
  const config = defaultConfig(FACTS, 'tiny', {})
  const facts = { name: null, config, initialWeights: null, versions: {}, engine: null, effort: null, incidents: [] }
  return { ...facts, classes: CLASSES, rounds, ...values }
}

export interface MadeUpLine {
  method: MethodName
  seed: number
  /** A round each. */
  curve: [share: number, mIoU: number][]
  parts?: string[]
  isAllLabels?: boolean
  noise?: NoiseConfig
  regionSide?: number
  /** Changes of all rounds. */
  round?: Partial<RoundResult>
  run?: Partial<RunResult>
}

/** Lines with complete runs, numbered in their order. The last round of each asks for nothing. */
export function outcomesOf(lines: readonly MadeUpLine[]): LineOutcome[] {
  return lines.map((made, index) => {
    const line = lineOf(made, index)
    const rounds = made.curve.map(([labelledShare, mIoU], i) => {
      const asked = i + 1 < made.curve.length ? {} : { regions: [], selectedClassPixels: CLASSES.map(() => 0) }
      return roundResult({
        labelledShare,
        labelledPixels: Math.round(1000 * labelledShare),
        mIoU,
        ...made.round,
        ...asked,
      })
    })
    return { line, run: runOf(rounds, { config: line.config, ...made.run }), failure: null, pictures: null }
  })
}

function lineOf(
  { method, seed, curve, parts, isAllLabels = false, noise, regionSide }: MadeUpLine,
  index: number,
): StudyLine {
  const selection = { method, rounds: curve.length, ...(regionSide === undefined ? {} : { regionSide }) }
  const overrides: ConfigOverrides = { seed, selection, ...(noise ? { noise } : {}) }
  const differs = [
    ...(noise ? [`${100 * noise.share} % ${noise.kind} a ${noise.unit}`] : []),
    ...(regionSide === undefined ? [] : [`side ${regionSide}`]),
  ]
  const name = [isAllLabels ? 'all labels' : method, ...differs].join(', ')
  return {
    index,
    hash: index.toString(16).padStart(16, '0'),
    label: `${name}, seed ${seed}`,
    curve: name,
    parts: parts ?? ['all'],
    isAllLabels,
    recipe: 'tiny',
    data: { demo: { images: 20, validationImages: 8, seed: 1 } },
    weights: null,
    config: defaultConfig(FACTS, 'tiny', overrides),
    firstRound: `first-${seed}`,
  }
}

/** A curve that flattens, of four rounds; `gain` is what the method adds at the end. */
function risingCurve(seed: number, gain: number): [share: number, mIoU: number][] {
  return [0.1, 0.2, 0.3, 0.4].map((share, i) => {
    const chance = 0.012 * Math.sin(12.9898 * (seed + 1) * (i + 1) + 78.233 * gain)
    return [share + 0.0004 * seed, 0.3 + (0.16 + gain) * (1 - 0.5 ** i) + (i === 0 ? 0.002 * seed : chance)]
  })
}

const GAINS: readonly [method: MethodName, gain: number][] = [
  ['cpral', 0.1],
  ['rating-r', 0.09],
  ['region-only', 0.094],
  ['random-regions', 0.07],
  ['class-aware-regions', 0.085],
  ['entropy-r', 0.07],
  ['entropy', 0.02],
  ['confidence', 0.015],
  ['margin', 0.02],
  ['mc-dropout', 0.03],
  ['core-set', 0.025],
  ['rating', 0.03],
  ['vaal', 0.02],
  ['ta-vaal', 0.028],
  ['vaal-r', 0.06],
  ['random', 0],
]

const ADVERSARY = {
  steps: 40,
  losses: { reconstruction: 0.1, divergence: 0.2, adversarial: 0.7, discriminator: 0.7 },
  accuracy: { labelled: 0.51, unlabelled: 0.49 },
  isCollapsed: true,
}

/** Every figure of a report, with three seeds each. */
export function largeStudyLines(): MadeUpLine[] {
  const seeds = [1, 2, 3]
  const each = (make: (seed: number) => MadeUpLine) => seeds.map(make)
  const methods = GAINS.flatMap(([method, gain]) =>
    each((seed) => {
      const parts = ['fig5', 'fig6', 'classes', ...(['cpral', 'region-only'].includes(method) ? ['time'] : [])]
      if (['rating', 'cpral'].includes(method)) parts.push('fig8', 'fig9')
      const bought = [600 - 2000 * gain, 250, 0, 150 + 2000 * gain].map(Math.round)
      const round: Partial<RoundResult> = { selectedClassPixels: bought, iouPerClass: [0.8, 0.6, null, 0.2 + gain] }
      if (method.endsWith('-r') || method === 'cpral') round.candidates = { found: 40, taken: 36 }
      if (method === 'region-only') round.seconds = { ...noSeconds(), train: 10, entropy: 14, attend: 2, select: 1 }
      if (method === 'vaal') round.adversary = ADVERSARY
      if (method === 'class-aware-regions') round.unspentPixels = 10
      return { method, seed, curve: risingCurve(seed, gain), parts, round }
    }),
  )
  const noisy = (['symmetric', 'missing'] as const).flatMap((kind) =>
    [0.2, 0.4, 0.6].flatMap((share) =>
      (['cpral', 'random-regions'] as const).flatMap((method, i) =>
        each((seed) => ({
          method,
          seed,
          curve: risingCurve(seed, 0.1 - 0.03 * i - (kind === 'missing' ? 0.1 : 0.2) * share),
          parts: ['fig7'],
          noise: { kind, share, unit: 'pixel' },
          round: {
            noise: {
              answered: 100,
              wrong: kind === 'missing' ? 0 : 100 * share,
              missing: kind === 'missing' ? 100 * share : 0,
            },
          },
        })),
      ),
    ),
  )
  const ablation = (['cpral-without-attention', 'cpral-without-extension'] as const).flatMap((method, i) =>
    each((seed) => ({ method, seed, curve: risingCurve(seed, 0.06 + 0.02 * i), parts: ['fig8', 'fig9'] })),
  )
  const small = (['cpral-without-attention', 'cpral-without-extension', 'cpral'] as const).flatMap((method, i) =>
    each((seed) => ({ method, seed, curve: risingCurve(seed, 0.08 + 0.02 * i), parts: ['fig8'], regionSide: 16 })),
  )
  const full = each((seed) => ({
    method: 'random' as const,
    seed,
    curve: [[1, 0.57 + 0.004 * seed]] as [number, number][],
    isAllLabels: true,
    parts: ['fig5'],
  }))
  return [...methods, ...noisy, ...ablation, ...small, ...full]
}

export const LARGE_STUDY_PARTS: StudyPart[] = [
  { name: 'fig5', title: 'Methods compared', figure: 'curves' },
  { name: 'fig6', title: 'Methods of whole images with and without regions', figure: 'regions' },
  { name: 'fig7', title: 'Label noise', figure: 'noise' },
  { name: 'fig8', title: 'Ablation', figure: 'ablation' },
  { name: 'time', title: 'Time', figure: 'time' },
  { name: 'classes', title: 'Classes', figure: 'classes' },
  { name: 'fig9', title: 'Predictions', figure: 'pictures' },
]
