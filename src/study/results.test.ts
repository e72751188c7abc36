import { expect, test } from 'vitest'
import { type MadeUpLine, outcomesOf } from '../../tests/support/made-up-study'
import { noSeconds } from '../domain/stages'
import { curvesCsv, resultsCsv, resultsJson } from './results'
import type { StudyOutcome } from './study-outcome'

const LINES: MadeUpLine[] = [
  {
    method: 'random',
    seed: 1,
    curve: [
      [0.1, 0.25],
      [0.3, 0.5],
    ],
  },
  {
    method: 'cpral',
    seed: 1,
    curve: [
      [0.1, 0.25],
      [0.3, 0.75],
    ],
    round: { candidates: { found: 4, taken: 3 } },
  },
  { method: 'random', seed: 1, curve: [[1, 0.8]], isAllLabels: true },
]
const STUDY: StudyOutcome = { name: 'Made up', baseline: 'random', parts: [], lines: outcomesOf(LINES) }

/** The same study run on another machine, its lines found in another order. */
const ELSEWHERE: StudyOutcome = {
  ...STUDY,
  lines: outcomesOf(
    LINES.map((line) => ({
      ...line,
      round: { ...line.round, seconds: { ...noSeconds(), train: 99 } },
      run: {
        versions: { studio: '9' },
        incidents: [{ at: 7, code: 'out_of_memory', sentence: 'The memory was full.' }],
      },
    })),
  ).reverse(),
}

function rowsOf(csv: string): Record<string, string>[] {
  const [head, ...rows] = csv
    .trimEnd()
    .split('\n')
    .map((line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.map((cell) => cell.replace(/,$/, '')) ?? [])
  return rows.map((row) => Object.fromEntries((head ?? []).map((name, i) => [name, row[i] ?? ''])))
}

test('a row for each round of each line', () => {
  const rows = rowsOf(resultsCsv(STUDY))
  expect(rows).toHaveLength(5)
  expect(rows[3]).toMatchObject({
    line: '"cpral, seed 1"',
    method: 'cpral',
    seed: '1',
    round: '2',
    'labelled share': '0.3',
    mIoU: '0.75',
    'candidates found': '4',
    'noise kind': '',
    'IoU bus': '',
    'IoU pole': '0.5',
    'seconds train': '10',
  })
  expect(rows[4]).toMatchObject({ 'all labels': 'true', mIoU: '0.8' })
})

test('a row for each curve', () => {
  const rows = rowsOf(curvesCsv(STUDY))
  expect(rows.map(({ curve }) => curve)).toEqual(['random', 'cpral'])
  expect(rows[1]).toMatchObject({
    seeds: '1',
    mIoU: '0.75',
    'mIoU deviation': '',
    area: '0.5',
    p100: '0.8',
    'mIoU over baseline': '0.25',
    'mIoU over baseline from': '',
    'candidates taken share': '0.75',
    steps: '20',
    'seconds a query': '5',
  })
  expect(rows[0]?.['mIoU over baseline']).toBe('')
})

test('without what depends on the machine, results are the same text from anywhere', () => {
  for (const write of [resultsCsv, curvesCsv, resultsJson]) {
    expect(write(ELSEWHERE, 'repeatable')).toBe(write(STUDY, 'repeatable'))
    expect(write(ELSEWHERE)).not.toBe(write(STUDY))
  }
})

test('the JSON holds every line, whole or not', () => {
  const [first, ...others] = STUDY.lines
  if (!first) throw new Error('no line')
  const failed = { ...first, run: null, failure: 'The disk is full.' }
  const { lines, name } = JSON.parse(resultsJson({ ...STUDY, lines: [failed, ...others] }))
  expect(name).toBe('Made up')
  expect(lines[0]).toMatchObject({
    label: 'random, seed 1',
    isDone: false,
    rounds: [],
    machine: { failure: failed.failure },
  })
  expect(lines[1]).toMatchObject({
    isDone: true,
    config: { seed: 1 },
    machine: { seconds: [{ train: 10 }, { train: 10 }] },
  })
  expect(lines[1].rounds[1]).toMatchObject({ mIoU: 0.75, images: ['a'] })
})

test('a name with a comma or a quote is one cell', () => {
  const classes = ['a "b", c', 'sky', 'bus', 'pole']
  const csv = resultsCsv({ lines: outcomesOf([{ ...LINES[0], run: { classes } } as MadeUpLine]) })
  expect(csv.split('\n')[0]).toContain('"IoU a ""b"", c"')
})
