import { expect, test } from 'vitest'
import { roundResult, runOf } from '../../tests/support/made-up-study'
import { noSeconds } from '../domain/stages'
import { measuresOf, thinClasses } from './measures'

const LAST = { regions: [], selectedClassPixels: [0, 0, 0, 0], labelledShare: 0.3, mIoU: 0.6, images: ['a', 'b', 'c'] }

test('curve, steps, images and classes by hand', () => {
  const measures = measuresOf(runOf([roundResult({}), roundResult({ ...LAST, steps: 12 })]))
  expect(measures).toMatchObject({
    curve: [
      { share: 0.1, mIoU: 0.5 },
      { share: 0.3, mIoU: 0.6 },
    ],
    mIoU: 0.6,
    labelledShare: 0.3,
    steps: 22,
    images: 3,
    candidates: null,
    unspentShare: 0,
    adversary: null,
    noise: null,
    incidents: 0,
    isReduced: false,
  })
  expect(measures.classes).toEqual({
    bought: [0.6, 0.2, 0, 0.2],
    pool: [0.7, 0.2, 0, 0.1],
    thin: [3],
    thinIoU: 0.5,
    thinBought: 0.2,
    thinPool: 0.1,
  })
})

test('the thin classes are the third of the occurring ones with the fewest pixels', () => {
  expect(thinClasses([5, 0, 9, 1, 2, 8, 1])).toEqual([3, 6])
  expect(thinClasses([5, 9])).toEqual([0])
  expect(thinClasses([0, 0])).toEqual([])
})

test('thin classes without an IoU have no mean', () => {
  expect(measuresOf(runOf([roundResult({ iouPerClass: [1, 1, null, null] })])).classes.thinIoU).toBeNull()
})

test('candidates, unspent pixels and wrong labels are those of all rounds together', () => {
  const first = roundResult({
    candidates: { found: 30, taken: 10 },
    unspentPixels: 50,
    noise: { answered: 100, wrong: 10, missing: 0 },
  })
  const second = roundResult({
    candidates: { found: 10, taken: 10 },
    unspentPixels: 150,
    noise: { answered: 300, wrong: 30, missing: 100 },
  })
  expect(measuresOf(runOf([first, second, roundResult(LAST)]))).toMatchObject({
    candidates: { found: 40, taken: 20, share: 0.5, leavesLittleChoice: false },
    unspentShare: 0.2,
    noise: { answered: 400, wrongShare: 0.1, missingShare: 0.25 },
  })
})

test('more than half of the candidates taken leave little choice', () => {
  const crowded = roundResult({ candidates: { found: 10, taken: 6 } })
  expect(measuresOf(runOf([crowded, roundResult(LAST)])).candidates?.leavesLittleChoice).toBe(true)
})

test('an adversary has collapsed when it did in all rounds', () => {
  const adversary = (labelled: number, unlabelled: number, isCollapsed: boolean) => ({
    steps: 4,
    losses: { reconstruction: 1, divergence: 1, adversarial: 1, discriminator: 1 },
    accuracy: { labelled, unlabelled },
    isCollapsed,
  })
  const [collapsed, alive] = [adversary(1, 0, true), adversary(0.75, 1, false)]
  const measures = measuresOf(
    runOf([roundResult({ adversary: collapsed }), roundResult({ adversary: alive }), roundResult(LAST)]),
  )
  expect(measures.adversary).toEqual({ accuracies: [0.5, 0.875], isCollapsed: false })
  expect(measuresOf(runOf([roundResult({ adversary: collapsed }), roundResult(LAST)])).adversary?.isCollapsed).toBe(
    true,
  )
})

test('time is that of a mean round that asked; the last one, which does not, counts in the total alone', () => {
  const slow = roundResult({ seconds: { ...noSeconds(), train: 30, evaluate: 2, rate: 3, entropy: 5 } })
  const { time } = measuresOf(
    runOf([roundResult({}), slow, roundResult({ ...LAST, seconds: { ...noSeconds(), train: 100 } })]),
  )
  expect(time.perStage).toMatchObject({ train: 20, evaluate: 2, rate: 2, entropy: 4, attend: 0.25, extend: 2 })
  expect(time.query).toBe(6.5)
  expect(time.round).toBe(28.5)
  expect(time.total).toBe(21 + 40 + 100)
})

test('a lowered batch and failures of the engine can be seen', () => {
  const incidents = [{ at: 1, code: 'out_of_memory' as const, sentence: 'The memory was full.' }]
  expect(measuresOf(runOf([roundResult({})], { effort: { batchSize: 2, share: 1 }, incidents }))).toMatchObject({
    incidents: 1,
    isReduced: true,
  })
  expect(measuresOf(runOf([roundResult({})], { effort: { batchSize: null, share: 1 } })).isReduced).toBe(false)
})

test('a run without a complete round has no measures, and says so', () => {
  expect(measuresOf(runOf([]))).toMatchObject({ curve: [], mIoU: null, labelledShare: 0, steps: 0, images: 0 })
})
