import { expect, test } from 'vitest'
import { type MadeUpLine, outcomesOf } from '../../tests/support/made-up-study'
import type { LineOutcome } from './study-outcome'
import { curveIn, summarize } from './summary'

const allLabels = (seed: number, mIoU: number): MadeUpLine => {
  return { method: 'random', seed, curve: [[1, mIoU]], isAllLabels: true }
}
const THREE: MadeUpLine[] = [
  {
    method: 'random',
    seed: 1,
    curve: [
      [0.1, 0.2],
      [0.2, 0.3],
      [0.3, 0.4],
    ],
  },
  {
    method: 'random',
    seed: 2,
    curve: [
      [0.1, 0.2],
      [0.2, 0.4],
      [0.3, 0.4],
    ],
  },
  {
    method: 'random',
    seed: 3,
    curve: [
      [0.1, 0.2],
      [0.2, 0.3],
      [0.3, 0.5],
    ],
  },
  {
    method: 'cpral',
    seed: 1,
    curve: [
      [0.1, 0.2],
      [0.2, 0.4],
      [0.3, 0.6],
    ],
  },
  {
    method: 'cpral',
    seed: 2,
    curve: [
      [0.1, 0.2],
      [0.2, 0.4],
      [0.3, 0.5],
    ],
  },
  {
    method: 'cpral',
    seed: 3,
    curve: [
      [0.1, 0.2],
      [0.22, 0.4],
      [0.36, 0.7],
    ],
  },
]
const summary = (lines: LineOutcome[]) => summarize({ lines, baseline: 'random' })

test('a curve is its mean over the seeds, round by round', () => {
  const [random, cpral] = summary(outcomesOf(THREE)).curves
  expect(random?.points.map(({ share, mIoU }) => [share, mIoU.mean])).toEqual([
    [expect.closeTo(0.1), expect.closeTo(0.2)],
    [expect.closeTo(0.2), expect.closeTo(1 / 3)],
    [expect.closeTo(0.3), expect.closeTo(1.3 / 3)],
  ])
  expect(cpral?.points[2]).toMatchObject({ share: expect.closeTo(0.32), mIoU: { n: 3, least: 0.5, most: 0.7 } })
  expect(cpral?.mIoU?.deviation).toBeCloseTo(0.1, 12)
  expect(random).toMatchObject({ asked: 3, method: 'random', parts: ['all'] })
})

test('areas are over what all runs of the setting cover', () => {
  const { settings, curves } = summary(outcomesOf(THREE))
  expect(settings).toHaveLength(1)
  expect(settings[0]?.range).toEqual({ from: 0.1, to: 0.3 })
  expect(curves[0]?.lines.map(({ area }) => area)).toEqual([0.3, 0.35, 0.325].map((area) => expect.closeTo(area)))
})

test('the baseline is compared seed by seed, not with itself', () => {
  const [random, cpral] = summary(outcomesOf(THREE)).curves
  expect(random?.difference).toBeNull()
  expect(cpral?.difference?.mIoU).toMatchObject({ n: 3, mean: expect.closeTo((0.2 + 0.1 + 0.2) / 3) })
  expect(cpral?.difference?.mIoU?.interval?.from).toBeCloseTo(0.1, 6)
  expect(cpral?.difference?.area?.n).toBe(3)
})

test('p90 is nine tenths of the mean of all labels, and not reached is said', () => {
  const lines = outcomesOf([...THREE, allLabels(1, 0.6), allLabels(2, 0.5)])
  const { settings, curves, allLabels: full } = summary(lines)
  expect(full).toHaveLength(2)
  expect(settings[0]?.p100?.mean).toBeCloseTo(0.55)
  expect(settings[0]?.p90).toBeCloseTo(0.495)
  expect(curves.map(({ name }) => name)).toEqual(['random', 'cpral'])
  expect(curves[0]).toMatchObject({ shareAtP90: null, reached: 1 })
  // The mean curve rises from 0.4 at 0.2067 to 0.6 at 0.32.
  expect(curves[1]?.shareAtP90).toBeCloseTo(0.62 / 3 + (0.095 / 0.2) * (0.32 - 0.62 / 3))
  expect(curves[1]?.reached).toBe(3)
})

test('without all labels there is no p90 to reach', () => {
  expect(summary(outcomesOf(THREE)).curves[1]).toMatchObject({ shareAtP90: null, reached: 0, setting: { p90: null } })
})

test('noise and sides of regions are settings of their own, each with its baseline', () => {
  const noise = { kind: 'symmetric', share: 0.4, unit: 'pixel' } as const
  const curve: MadeUpLine['curve'] = [
    [0.1, 0.1],
    [0.3, 0.3],
  ]
  const { settings, curves } = summary(
    outcomesOf([
      ...THREE,
      { method: 'cpral', seed: 1, curve, noise },
      {
        method: 'random',
        seed: 1,
        curve: [
          [0.1, 0.1],
          [0.3, 0.25],
        ],
        noise,
      },
    ]),
  )
  expect(settings).toHaveLength(2)
  expect(curves[2]?.difference?.mIoU).toEqual({ n: 1, mean: expect.closeTo(0.05), interval: null })
  expect(curves[2]?.setting.config.noise).toEqual(noise)
})

test('a method of whole images stands for itself at another side of regions, one of regions does not', () => {
  const curve: MadeUpLine['curve'] = [
    [0.1, 0.1],
    [0.2, 0.2],
    [0.3, 0.3],
  ]
  const { curves } = summary(
    outcomesOf([...THREE, { method: 'cpral-without-attention', seed: 1, curve, regionSide: 16 }]),
  )
  const setting = curves[2]?.setting
  if (!setting) throw new Error('no setting')
  expect(curveIn(curves, 'random', setting)).toBe(curves[0])
  expect(curveIn(curves, 'cpral', setting)).toBeUndefined()
  expect(curves[2]?.difference).toEqual({ mIoU: { n: 1, mean: expect.closeTo(-0.1), interval: null }, area: null })
})

test('lines without all their rounds are no part of a curve', () => {
  const [first, second, ...others] = outcomesOf(THREE)
  if (!first?.run || !second) throw new Error('no lines')
  const half = { ...first, run: { ...first.run, rounds: first.run.rounds.slice(0, 2) } }
  const failed = { ...second, run: null, failure: 'The memory was full.' }
  const { curves, unfinished } = summary([...others, failed, half])
  expect(unfinished).toEqual([half, failed])
  expect(curves[0]).toMatchObject({ name: 'random', asked: 3, mIoU: { n: 1, mean: 0.5, deviation: null } })
})
