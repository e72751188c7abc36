import { expect, test } from 'vitest'
import golden from '../../tests/golden/study.json'
import { expectClose } from '../../tests/support/numbers'
import { bootstrapInterval, pairedDifference, quantile, spreadOf } from './statistics'

test("mean and the sample's deviation are NumPy's", () => {
  for (const { values, mean, deviation } of golden.spreads) {
    const spread = spreadOf(values)
    expect(spread).toMatchObject({ n: values.length, least: Math.min(...values), most: Math.max(...values) })
    expectClose([spread?.mean ?? 0, spread?.deviation ?? 0], [mean, deviation], { absolute: 2e-9 })
  }
})

test('one value has no deviation, and none have no spread', () => {
  expect(spreadOf([0.5])).toEqual({ n: 1, mean: 0.5, deviation: null, least: 0.5, most: 0.5 })
  expect(spreadOf([])).toBeNull()
})

test("quantiles are NumPy's", () => {
  const { values, at, quantiles } = golden.quantiles
  expectClose(
    at.map((q) => quantile(values, q)),
    quantiles,
    { absolute: 2e-9 },
  )
})

test("the bootstrap's interval is SciPy's, but for its own chance", () => {
  for (const { values, from, to } of golden.intervals) {
    const interval = bootstrapInterval(values)
    const chance = (to - from) * 0.03
    expectClose([interval?.from ?? 0, interval?.to ?? 0], [from, to], { relative: 0, absolute: chance })
  }
})

test('two seeds give no interval, and the same values the same one', () => {
  expect(bootstrapInterval([1, 2])).toBeNull()
  expect(bootstrapInterval([1, 2, 4])).toEqual(bootstrapInterval([1, 2, 4]))
  expect(bootstrapInterval([3, 3, 3])).toEqual({ from: 3, to: 3 })
})

test('differences are paired by seed, and seeds of one side alone do not count', () => {
  const values = new Map([
    [3, 0.5],
    [1, 0.25],
    [2, 0.75],
    [9, 100],
  ])
  const baseline = new Map([
    [1, 0],
    [2, 0.25],
    [3, 0.5],
    [8, -100],
  ])
  const difference = pairedDifference(values, baseline)
  expect(difference).toEqual({ n: 3, mean: 0.25, interval: bootstrapInterval([0.25, 0.5, 0]) })
  expect(pairedDifference(new Map([[1, 2]]), new Map([[1, 1.5]]))).toEqual({ n: 1, mean: 0.5, interval: null })
  expect(pairedDifference(new Map([[1, 2]]), new Map([[2, 1]]))).toBeNull()
})
