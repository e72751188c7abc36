import { expect, test } from 'vitest'
import type { RoundRecord } from '../../src/domain/round'
import { curveCsv, roundsTable } from './run-files'

const SECONDS = { train: 10, evaluate: 2, rate: 1, entropy: 3.25, attend: 0, select: 0.5, annotate: 0.25, extend: 4 }

const ROUND: RoundRecord = {
  runId: 'r',
  index: 1,
  labelledPixels: 3,
  poolPixels: 12,
  trainImages: ['b'],
  steps: 8,
  losses: [2, 1],
  evaluation: { mIoU: 0.25, iouPerClass: [0.5, null, 0], pixelAccuracy: 0.75, confusion: [] },
  subset: [{ imageId: 'a', score: 1 }],
  regions: [{ imageId: 'a', x: 1, y: 2, width: 4, height: 4, score: 9 }],
  selectedClassPixels: [],
  poolClassPixels: [],
  candidates: { found: 5, taken: 4 },
  extension: null,
  seconds: SECONDS,
  isComplete: true,
}
test('curve.csv has one row a round', () => {
  expect(curveCsv([ROUND]).split('\n')).toEqual([
    'round,labelled_share,miou,pixel_accuracy,train_images,steps,candidates_found,candidates_taken,unspent_pixels,train_s,rate_s,entropy_s,attend_s,select_s,annotate_s,extend_s,evaluate_s',
    '1,0.25,0.25,0.75,1,8,5,4,0,10.000,1.000,3.250,0.000,0.500,0.250,4.000,2.000',
    '',
  ])
})

test('the table lines its columns up', () => {
  const lines = roundsTable([ROUND, { ...ROUND, index: 2, evaluation: null }]).split('\n')
  expect(new Set(lines.map((line) => line.length)).size).toBe(1)
  expect(lines[0]).toMatch(/^round {2}labelled {4}mIoU {2}images/)
  expect(lines[1]).toMatch(/^ {4}1 {3}25.00 % {2}0.2500/)
})
