import { expect, test } from 'vitest'
import { consistencyWeightAt } from './consistency-ramp'

const weights = (ramp: { consistencyRamp?: number }, roundSteps: number, isContinued = false) =>
  Array.from({ length: roundSteps }, (_, roundStep) =>
    consistencyWeightAt({ consistencyWeight: 0.5, ...ramp }, { roundStep, roundSteps, isContinued }),
  )

test.each([{}, { consistencyRamp: 0 }])('without a ramp (%o) all of the weight counts from the first step', (ramp) => {
  expect(weights(ramp, 5)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5])
})

test('rises over its share of the steps and stays there', () => {
  const rising = weights({ consistencyRamp: 0.4 }, 10)
  // t = 0, 1/4, 1/2, 3/4: e^-5, e^(-5 * 9/16), e^(-5/4), e^(-5/16).
  const shares = [0.006737947, 0.060054667, 0.2865048, 0.7316156]
  for (const [step, share] of shares.entries()) expect(rising[step]).toBeCloseTo(0.5 * share, 7)
  expect(rising.slice(4)).toEqual(Array(6).fill(0.5))
})

test('takes the whole round at most, and ends just below the weight then', () => {
  const rising = weights({ consistencyRamp: 1 }, 100)
  expect(rising.every((weight, step) => weight < (rising[step + 1] ?? 0.5))).toBe(true)
  expect(rising[99]).toBeGreaterThan(0.499)
})

test('weighs nothing where own predictions do not count', () => {
  expect(consistencyWeightAt({}, { roundStep: 3, roundSteps: 10, isContinued: false })).toBe(0)
  const first = { roundStep: 0, roundSteps: 10, isContinued: false }
  expect(consistencyWeightAt({ consistencyRamp: 0.5 }, first)).toBe(0)
})

test('a round that continues the last one has all of the weight from its first step on', () => {
  expect(weights({ consistencyRamp: 0.4 }, 5, true)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5])
})
