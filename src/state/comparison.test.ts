import { expect, test } from 'vitest'
import { defaultConfig } from '../cpral/presets'
import type { CpralConfig } from '../domain/config'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { noSeconds } from '../domain/stages'
import { compareRuns, settingDifferences } from './comparison'

const DATA = { format: 'generic', source: 'demo', trainImages: 20, imageSize: { height: 64, width: 128 } } as const
const PROJECT = { classes: [{ name: 'road', color: [0, 0, 0] as [number, number, number] }] }

function round(index: number, labelledPixels: number, mIoU: number | null): RoundRecord {
  return {
    runId: '',
    index,
    labelledPixels,
    poolPixels: 100,
    trainImages: ['a'],
    steps: 10,
    losses: [],
    evaluation: mIoU === null ? null : { mIoU, iouPerClass: [mIoU], pixelAccuracy: mIoU, confusion: [] },
    subset: [],
    regions: [],
    selectedClassPixels: [],
    poolClassPixels: [],
    extension: null,
    seconds: { ...noSeconds(), train: 2 },
    isComplete: mIoU !== null,
  }
}

const run = (id: string) => ({ id, config: defaultConfig(DATA, 'tiny') }) as RunRecord

function compared(rounds: Record<string, [share: number, mIoU: number | null][]>) {
  const entries = Object.entries(rounds).map(([id, points]) => {
    return { run: run(id), rounds: points.map(([share, mIoU], i) => round(i + 1, share, mIoU)) }
  })
  return compareRuns(entries, PROJECT, new Map([['a', { name: 'a' }]]))
}

test('curves are compared over the shares that all cover, and p90 is that of the run with all labels', () => {
  const { runs, range, p100, p90 } = compared({
    long: [
      [10, 0.2],
      [20, 0.4],
      [30, 0.6],
    ],
    short: [
      [10, 0.3],
      [20, 0.3],
    ],
    single: [[10, 0.5]],
    all: [[100, 0.5]],
  })
  expect([range, p100, p90]).toEqual([{ from: 0.1, to: 0.2 }, 0.5, 0.45])
  expect(runs.map(({ isAllLabels }) => isAllLabels)).toEqual([false, false, false, true])
  const [long, short, single, all] = runs
  expect(long?.area).toBeCloseTo(0.3)
  expect(short?.area).toBeCloseTo(0.3)
  expect([single?.area, all?.area]).toEqual([null, null])
  expect(long?.shareAtP90).toBeCloseTo(0.225)
  expect([short?.shareAtP90, single?.shareAtP90, all?.shareAtP90]).toEqual([null, 0.1, null])
  expect(runs.map(({ measures }) => [measures.steps, measures.time.total])).toEqual([
    [30, 6],
    [20, 4],
    [10, 2],
    [10, 2],
  ])
})

test('a round that is only begun counts for nothing, and without all labels there is no p90', () => {
  const { runs, p90 } = compared({
    begun: [
      [10, 0.2],
      [20, 0.4],
      [30, null],
    ],
    ready: [],
  })
  expect(p90).toBeNull()
  expect(runs.map(({ measures, rounds }) => [measures.mIoU, rounds.length, measures.steps])).toEqual([
    [0.4, 2, 20],
    [null, 0, 0],
  ])
})

test('only settings that differ are named, with the value in each run', () => {
  const first = defaultConfig(DATA, 'tiny')
  const { annotator: _, adversary: __, ...older } = first
  expect(settingDifferences([first, older])).toEqual([])
  const noisy: CpralConfig = {
    ...first,
    selection: { ...first.selection, method: 'random' },
    training: { ...first.training, steps: 300 },
    noise: { kind: 'mixed', share: 0.2, unit: 'pixel' },
  }
  expect(settingDifferences([first, older, noisy])).toEqual([
    { path: 'selection.method', values: ['cpral', 'cpral', 'random'] },
    { path: 'training.steps', values: [null, null, 300] },
    { path: 'noise.kind', values: [null, null, 'mixed'] },
    { path: 'noise.share', values: [null, null, 0.2] },
    { path: 'noise.unit', values: [null, null, 'pixel'] },
  ])
})

test('settings of networks that no run has are no difference', () => {
  const first = defaultConfig(DATA, 'tiny')
  const other = defaultConfig(DATA, 'tiny', { adversary: { beta: 2 } })
  expect(settingDifferences([first, other])).toEqual([])
  const vaal = defaultConfig(DATA, 'tiny', { adversary: { beta: 2 }, selection: { method: 'vaal-r' } })
  expect(settingDifferences([first, vaal]).map(({ path }) => path)).toEqual(['selection.method', 'adversary.beta'])
})
