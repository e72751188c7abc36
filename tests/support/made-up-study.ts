/** Studies that nobody ran: whole lines and runs for the tests of measures, tables and reports. */
import { type ConfigOverrides, defaultConfig } from '../../src/cpral/presets'
import type { MethodName, NoiseConfig } from '../../src/domain/config'
import { noSeconds } from '../../src/domain/stages'
import type { RoundResult, RunResult } from '../../src/study/run-result'
import type { StudyLine } from '../../src/study/study-line'
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
