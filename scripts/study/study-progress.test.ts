import { expect, test } from 'vitest'
import type { StudyLine } from '../../src/study/study-line'
import { duration, StudyProgress } from './study-progress'

const line = (index: number, rounds = 2) =>
  ({ index, hash: `h${index}`, label: `cpral, seed ${index}`, config: { selection: { rounds } } }) as StudyLine

test('says what begins and ends, how many are done and the time left', () => {
  const lines = [line(0), line(1), line(2)]
  const written: string[] = []
  let clock = 0
  const progress = new StudyProgress(
    lines,
    [lines[2]],
    (text) => written.push(text),
    () => clock,
  )
  progress.start(lines[0])
  progress.show(lines[0], { phase: 'train', round: 1, done: 1, total: 9 })
  clock += 50_000
  progress.tick()
  progress.show(lines[0], { phase: 'train', round: 2, done: 3, total: 9 })
  clock += 10_000
  progress.tick()
  progress.tick()
  clock += 60_000
  progress.end(lines[0], 'mIoU 0.500 at 40.0 %', true)
  progress.start(lines[1])
  progress.end(lines[1], 'The weights are gone.', false)
  expect(written).toEqual([
    '[1/3] begins  line 0 (cpral, seed 0)',
    '[1/3] running line 0 (cpral, seed 0): round 2 of 2, train 3/9; about 3 min left',
    '[2/3] done    line 0 (cpral, seed 0): mIoU 0.500 at 40.0 %, 2 min; about 2 min left',
    '[2/3] begins  line 1 (cpral, seed 1)',
    '[2/3] ends    line 1 (cpral, seed 1): The weights are gone., 0 s',
  ])
})

test('durations', () => {
  expect([95_400, 720_000, 12_000_000].map(duration)).toEqual(['95 s', '12 min', '3 h 20 min'])
})
