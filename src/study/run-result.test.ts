import { expect, test } from 'vitest'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { runResult } from './run-result'

const SECONDS = { train: 10, evaluate: 2, rate: 1, entropy: 3.25, attend: 0, select: 0.5, annotate: 0.25, extend: 4 }

const ROUND: RoundRecord = {
  runId: 'r',
  index: 1,
  labelledPixels: 3,
  poolPixels: 12,
  trainImages: ['b'],
  steps: 8,
  losses: [2, 1],
  labelledSeen: [20, 10],
  evaluation: { mIoU: 0.25, iouPerClass: [0.5, null, 0], pixelAccuracy: 0.75, confusion: [] },
  subset: [{ imageId: 'a', score: 1 }],
  regions: [{ imageId: 'a', x: 1, y: 2, width: 4, height: 4, score: 9 }],
  selectedClassPixels: [4],
  poolClassPixels: [8],
  candidates: { found: 5, taken: 1 },
  extension: null,
  seconds: SECONDS,
  isComplete: true,
}
const FACTS = {
  versions: { studio: '0' },
  classes: ['road', 'sky', 'pole'],
  names: new Map([
    ['a', 'val/0001'],
    ['b', 'train/0002'],
  ]),
}

test('a result names images, and says steps, effort, incidents and what was to choose from', () => {
  const effort = { batchSize: 2, share: 1 }
  const incidents = [{ at: 5, code: 'out_of_memory' as const, sentence: 'The memory was full.' }]
  const run = { config: { seed: 1 }, engine: null, effort, incidents } as unknown as RunRecord
  const result = runResult(run, [ROUND], FACTS)
  expect({ ...result, rounds: [] }).toEqual({
    name: null,
    config: { seed: 1 },
    initialWeights: null,
    versions: { studio: '0' },
    engine: null,
    classes: ['road', 'sky', 'pole'],
    effort,
    incidents,
    rounds: [],
  })
  expect(result.rounds).toEqual([
    {
      labelledShare: 0.25,
      labelledPixels: 3,
      poolPixels: 12,
      mIoU: 0.25,
      iouPerClass: [0.5, null, 0],
      pixelAccuracy: 0.75,
      steps: 8,
      labelledSeen: 30,
      images: ['train/0002'],
      regions: [{ image: 'val/0001', x: 1, y: 2, width: 4, height: 4, score: 9 }],
      selectedClassPixels: [4],
      poolClassPixels: [8],
      candidates: { found: 5, taken: 1 },
      unspentPixels: 0,
      noise: null,
      adversary: null,
      extension: null,
      seconds: SECONDS,
    },
  ])
})
