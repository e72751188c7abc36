/** The rows of the table of measures, in words. */
import type { ComparedRun, Comparison } from '../../state/comparison'
import { duration, percent } from '../format'
import type { ColumnRow } from './RunColumns.svelte'

/** A measure of a run; null where it has none. */
interface Measure {
  key: string
  name: string
  about?: string
  of: (run: ComparedRun) => number | null
  text: (value: number, run: ComparedRun) => string
  /** What stands where a run has none. */
  none?: (run: ComparedRun) => string
  /** Which end is the best, among the runs that choose; measures that say nothing about quality have none. */
  best?: 'most' | 'least'
}

const inPercent = (value: number) => percent(value)
const inNumbers = (value: number) => value.toLocaleString('en')
const notMeasured = () => 'not measured'

export function measureRows({ runs, range, p90 }: Comparison): ColumnRow[] {
  const measures: Measure[] = [
    {
      key: 'mIoU',
      name: 'Final mIoU',
      of: ({ measures }) => measures.mIoU,
      text: inPercent,
      none: notMeasured,
      best: 'most',
    },
    { key: 'labelled', name: 'Labelled in the end', of: ({ measures }) => measures.labelledShare, text: inPercent },
    {
      key: 'area',
      name: 'Area under the curve',
      about: range
        ? `mean mIoU from ${percent(range.from)} to ${percent(range.to)} labelled`
        : 'the curves share no range of labelled shares',
      of: ({ area }) => area,
      text: inPercent,
      best: 'most',
    },
    {
      key: 'p90',
      name: 'Labelled share at p90',
      about: p90 === null ? 'tick a run with all labels' : `where mIoU gets to ${percent(p90)}`,
      of: ({ shareAtP90 }) => shareAtP90,
      // A curve that begins above p90 has crossed it somewhere before its first round.
      text: (share, { measures }) => `${share === measures.curve[0]?.share ? '≤ ' : ''}${percent(share)}`,
      none: ({ isAllLabels, measures }) =>
        p90 === null || isAllLabels || measures.mIoU === null ? '–' : 'not reached',
      best: 'least',
    },
    { key: 'steps', name: 'Steps', of: ({ measures }) => measures.steps, text: inNumbers },
    { key: 'images', name: 'Images touched', of: ({ measures }) => measures.images, text: inNumbers, best: 'least' },
    {
      key: 'candidates',
      name: 'Candidates taken',
      about: 'of the regions that the budget could choose from',
      of: ({ measures }) => measures.candidates?.share ?? null,
      text: (share, { measures }) =>
        `${percent(share, 0)}${measures.candidates?.leavesLittleChoice ? ', little choice' : ''}`,
      none: () => 'no regions',
    },
    {
      key: 'seconds',
      name: 'Computing time',
      of: ({ measures }) => measures.time.total,
      text: (seconds) => duration(1000 * seconds),
    },
  ]
  return measures.map(({ key, name, about, of, text, none, best }) => {
    const values = runs.map(of)
    const texts = runs.map((run, i) => {
      const value = values[i] ?? null
      return value === null ? (none?.(run) ?? '–') : text(value, run)
    })
    const areBest = best ? bestOf(values, texts, runs, best) : []
    const cells = texts.map((text, i) => ({ text, isBest: areBest[i] ?? false }))
    return { key, name, ...(about ? { about } : {}), cells }
  })
}

/**
 * Which values of a row are the best of those runs that choose what is labelled. What reads alike is equally good; where
 * all read alike none is.
 */
export function bestOf(
  values: readonly (number | null)[],
  texts: readonly string[],
  runs: readonly Pick<ComparedRun, 'isAllLabels'>[],
  best: 'most' | 'least',
): boolean[] {
  const competing = values.flatMap((value, i) => (value === null || runs[i]?.isAllLabels ? [] : [i]))
  const sign = best === 'most' ? 1 : -1
  const [first] = [...competing].sort((a, b) => sign * ((values[b] ?? 0) - (values[a] ?? 0)))
  const isTied = competing.every((i) => texts[i] === texts[competing[0] ?? 0])
  return values.map((_, i) => !isTied && first !== undefined && competing.includes(i) && texts[i] === texts[first])
}
