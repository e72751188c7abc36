import { expect, test } from 'vitest'
import type { ComparedRun, Comparison } from '../../state/comparison'
import type { RunMeasures } from '../../study/measures'
import { measureRows } from './measure-rows'

function run(mIoU: number | null, { measures: some, ...more }: Partial<ComparedRun> = {}): ComparedRun {
  const curve = [{ share: 0.1, mIoU: 0.3 }]
  const measures = { mIoU, labelledShare: 0.4, steps: 1200, images: 7, candidates: null, time: { total: 90 }, curve }
  return {
    measures: { ...measures, ...some } as RunMeasures,
    isAllLabels: false,
    area: null,
    shareAtP90: null,
    ...more,
  } as ComparedRun
}

const comparison = (runs: ComparedRun[]): Comparison => ({ runs, range: { from: 0.1, to: 0.4 }, p100: 0.8, p90: 0.72 })
const cellsOf = (key: string, runs: ComparedRun[]) => {
  const row = measureRows(comparison(runs)).find((candidate) => candidate.key === key)
  return row?.cells.map(({ text, isBest = false }) => [text.replaceAll('\u00a0', ' '), isBest])
}

test('the best of a row is that of the runs that choose, and a tie has none', () => {
  const all = run(0.8, { isAllLabels: true })
  expect(cellsOf('mIoU', [run(0.5), run(0.6), all])).toEqual([
    ['50.0 %', false],
    ['60.0 %', true],
    ['80.0 %', false],
  ])
  expect(cellsOf('mIoU', [run(0.5), run(0.5), run(null)])).toEqual([
    ['50.0 %', false],
    ['50.0 %', false],
    ['not measured', false],
  ])
  // What reads alike is equally good.
  expect(cellsOf('mIoU', [run(0.50001), run(0.50002), run(0.4)])).toEqual([
    ['50.0 %', true],
    ['50.0 %', true],
    ['40.0 %', false],
  ])
  expect(cellsOf('mIoU', [run(0.50001), run(0.50002)])?.map(([, isBest]) => isBest)).toEqual([false, false])
  expect(cellsOf('mIoU', [run(0.5), all])).toEqual([
    ['50.0 %', false],
    ['80.0 %', false],
  ])
})

test('a curve that begins above p90 has crossed it before', () => {
  expect(cellsOf('p90', [run(0.8, { shareAtP90: 0.1 }), run(0.7, { shareAtP90: 0.25 })])).toEqual([
    ['≤ 10.0 %', true],
    ['25.0 %', false],
  ])
})

test('a curve that does not get to p90 says so, and a budget that leaves little choice', () => {
  const crowded = { found: 10, taken: 9, share: 0.9, leavesLittleChoice: true }
  const some = run(0.6, { measures: { candidates: crowded } as RunMeasures })
  const runs = [run(0.7, { shareAtP90: 0.25 }), some, run(0.8, { isAllLabels: true })]
  expect(cellsOf('p90', runs)).toEqual([
    ['25.0 %', false],
    ['not reached', false],
    ['–', false],
  ])
  expect(cellsOf('candidates', [some, run(0.5)])).toEqual([
    ['90 %, little choice', false],
    ['no regions', false],
  ])
})
