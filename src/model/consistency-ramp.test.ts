import { expect, test } from 'vitest'
import { consistencyWeightAt } from './consistency-ramp'

const weights = (ramp: number | undefined, steps: number) =>
  Array.from({ length: steps }, (_, step) =>
    consistencyWeightAt({ consistencyWeight: 0.5, ...(ramp !== undefined && { consistencyRamp: ramp }) }, step, steps),
  )

test.each([undefined, 0])('without a ramp (%s) all of the weight counts from the first step', (ramp) => {
  expect(weights(ramp, 5)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5])
})

test('rises over its share of the steps and stays there', () => {
  const rising = weights(0.4, 10)
  // t = 0, 1/4, 1/2, 3/4: e^-5, e^(-5 * 9/16), e^(-5/4), e^(-5/16).
  const shares = [0.006737947, 0.060054667, 0.2865048, 0.7316156]
  for (const [step, share] of shares.entries()) expect(rising[step]).toBeCloseTo(0.5 * share, 7)
  expect(rising.slice(4)).toEqual(Array(6).fill(0.5))
})

test('takes the whole round at most, and ends just below the weight then', () => {
  const rising = weights(1, 100)
  expect(rising.every((weight, step) => weight < (rising[step + 1] ?? 0.5))).toBe(true)
  expect(rising[99]).toBeGreaterThan(0.499)
})

test('weighs nothing where own predictions do not count', () => {
  expect(consistencyWeightAt({}, 3, 10)).toBe(0)
  expect(consistencyWeightAt({ consistencyRamp: 0.5 }, 0, 10)).toBe(0)
})
