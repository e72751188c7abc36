import { expect, test } from 'vitest'
import { learningRateAt } from './learning-rate'

const training = { learningRate: 0.5, learningRateDropAt: 0.7, learningRateDrop: 0.1 }
const at = (position: Partial<Parameters<typeof learningRateAt>[1]>) => ({
  epoch: 0,
  epochs: 5,
  roundStep: 0,
  roundSteps: 100,
  ...position,
})

test.each([{}, { schedule: 'drop' as const }])('drops once, after its share of the epochs: %o', (schedule) => {
  const rates = [0, 1, 2, 3, 4].map((epoch) => learningRateAt({ ...training, ...schedule }, at({ epoch })))
  // Of 5 epochs 3.5 are 70 %: the fourth still has the whole rate.
  expect(rates).toEqual([0.5, 0.5, 0.5, 0.5, 0.05])
  expect(learningRateAt({ ...training, ...schedule }, at({ roundStep: 99 }))).toBe(0.5)
})

test('falls with every step of the round, whatever the epoch, and never to zero', () => {
  const rate = (roundStep: number, epoch = 0) =>
    learningRateAt({ ...training, schedule: 'poly' }, at({ roundStep, epoch }))
  expect(rate(0)).toBe(0.5)
  expect(rate(50)).toBeCloseTo(0.5 * 0.5358867, 7)
  expect(rate(50, 4)).toBe(rate(50))
  expect(rate(90)).toBeCloseTo(0.5 * 0.1258925, 7)
  const all = Array.from({ length: 100 }, (_, step) => rate(step))
  expect(all.every((value, step) => value > (all[step + 1] ?? 0))).toBe(true)
})

test('a round that continues the last one may have a rate of its own', () => {
  const warm = { ...training, warmLearningRate: 0.2 }
  expect(learningRateAt(warm, at({}))).toBe(0.5)
  expect(learningRateAt(warm, at({ isContinued: true }))).toBe(0.2)
  expect(learningRateAt({ ...warm, schedule: 'poly' }, at({ isContinued: true, roundStep: 50 }))).toBeCloseTo(
    0.1071773,
    6,
  )
  expect(learningRateAt({ ...warm, warmLearningRate: null }, at({ isContinued: true }))).toBe(0.5)
})

test('rises in even steps over its share of the round, and goes on as without', () => {
  const rates = (rules: object, steps: number[]) =>
    steps.map((roundStep) => learningRateAt({ ...training, ...rules }, at({ roundStep })))
  expect(rates({ rateRise: 0.04 }, [0, 1, 2, 3, 4, 99])).toEqual([0.125, 0.25, 0.375, 0.5, 0.5, 0.5])
  const poly = rates({ schedule: 'poly' }, [0, 1, 3, 50])
  expect(rates({ schedule: 'poly', rateRise: 0.04 }, [0, 1, 3, 50])).toEqual([
    poly[0] / 4,
    poly[1] / 2,
    poly[2],
    poly[3],
  ])
  // A rise of less than a step is none.
  expect(rates({ rateRise: 0.001 }, [0])).toEqual([0.5])
})
