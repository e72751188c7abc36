import { expect, test } from 'vitest'
import { defaultConfig } from '../cpral/presets'
import type { TrainingConfig } from '../domain/config'
import { roundSteps } from './training-stages'

const SIZE = { height: 10, width: 20 }
const DATASET = { format: 'camvid', source: 'folder', trainImages: 367, imageSize: SIZE } as const
const config = (training: Partial<TrainingConfig>) => defaultConfig(DATASET, 'light', { size: SIZE, training })
/** 101 images of which 100 image areas are labelled. */
const ROUND = { index: 1, trainImages: Array.from({ length: 101 }, (_, i) => `${i}`), labelledPixels: 100 * 200 }

test('a round passes over its images once an epoch', () => {
  expect(roundSteps(config({}), ROUND)).toEqual({ steps: 26 * 50, epochs: 50 })
})

test('equal steps are those that whole images of the labelled share would take, not rounded up in every epoch', () => {
  expect(roundSteps(config({ equalSteps: true }), ROUND)).toEqual({ steps: 1250, epochs: 50 })
  const fewer = { ...ROUND, labelledPixels: 25.5 * 200 }
  // 25.5 / 4 * 50 = 318.75
  expect(roundSteps(config({ equalSteps: true }), fewer).steps).toBe(318)
})

test('fixed steps hold whatever is labelled, in as many parts as there are epochs', () => {
  expect(roundSteps(config({ steps: 777 }), ROUND)).toEqual({ steps: 777, epochs: 50 })
  expect(roundSteps(config({ steps: 777, equalSteps: true }), { ...ROUND, labelledPixels: 1 }).steps).toBe(777)
  expect(roundSteps(config({ steps: 3 }), ROUND)).toEqual({ steps: 3, epochs: 3 })
})

test('a round that continues from the last one takes its own number of steps', () => {
  const later = { ...ROUND, index: 2 }
  const steps = (training: Partial<TrainingConfig>, round: typeof ROUND) => roundSteps(config(training), round).steps
  const warm = { steps: 600, warmStart: true, warmSteps: 300 }
  expect([steps(warm, ROUND), steps(warm, later)]).toEqual([600, 300])
  expect(steps({ ...warm, warmSteps: null }, later)).toBe(600)
  expect(steps({ ...warm, warmStart: false }, later)).toBe(600)
  // By epochs there is no such number.
  expect(steps({ ...warm, steps: null }, later)).toBe(26 * 50)
})
