import { expect, test } from 'vitest'
import { defaultConfig } from '../cpral/presets'
import { AppError } from '../domain/errors'
import { planRecovery, type Situation } from './recovery'

const config = defaultConfig(
  { format: 'generic', source: 'demo', trainImages: 20, imageSize: { height: 128, width: 256 } },
  'paper',
)
type Changes = Partial<Omit<Situation, 'run'>> & { run?: Partial<Situation['run']> }
const situation = ({ run, ...changes }: Changes = {}): Situation => ({
  engine: 'webgpu',
  isForced: false,
  losses: 0,
  memoryFailures: { training: 0, query: 0 },
  epochsDone: 11,
  ...changes,
  run: { round: 2, stage: 'train', config, ...run },
})
const lost = new AppError('device_lost', 'gone')
const full = new AppError('out_of_memory', 'full')

test('after the first loss the run goes on with half of the work at once', () => {
  expect(planRecovery(lost, situation({ losses: 1 }))).toEqual({
    kind: 'again',
    engine: 'same',
    effort: { batchSize: null, share: 0.5 },
    sentence: 'The GPU was reset in round 2; the run goes on from epoch 12 with smaller steps.',
  })
  const query = planRecovery(lost, situation({ losses: 1, run: { stage: 'entropy' } }))
  expect(query).toMatchObject({ sentence: expect.stringContaining('from the last finished image') })
})

test('after the second loss WebGPU is not asked for again', () => {
  const run = { effort: { batchSize: null, share: 0.5 } }
  expect(planRecovery(lost, situation({ losses: 2, run }))).toMatchObject({
    kind: 'again',
    engine: 'wasm',
    effort: { share: 0.5 },
    sentence: expect.stringContaining('on the CPU (WASM)'),
  })
  expect(planRecovery(lost, situation({ losses: 2, isForced: true, run }))).toMatchObject({
    kind: 'stop',
    error: { code: 'device_lost', remedy: expect.stringContaining('?engine=wasm') },
  })
})

test('training without memory halves the batch once and keeps it even', () => {
  const withBatch = (batchSize: number) => ({ config: { ...config, training: { ...config.training, batchSize } } })
  const halved = (batchSize: number) => planRecovery(full, situation({ run: withBatch(batchSize) }))
  expect(halved(4)).toMatchObject({
    effort: { batchSize: 2, share: 1 },
    sentence: expect.stringContaining('with 2 images in a batch in place of 4.'),
  })
  expect(halved(6)).toMatchObject({ effort: { batchSize: 2 } })
  expect(halved(8)).toMatchObject({ effort: { batchSize: 4 } })
  // A pair cannot be halved: only the pool is given back.
  expect(halved(2)).toMatchObject({ kind: 'again', effort: { batchSize: null, share: 1 } })
})

test('a query without memory computes fewer passes at once, once', () => {
  const run = { stage: 'entropy' as const }
  expect(planRecovery(full, situation({ run, memoryFailures: { training: 1, query: 0 } }))).toMatchObject({
    kind: 'again',
    effort: { batchSize: null, share: 0.5 },
  })
  expect(planRecovery(full, situation({ run, memoryFailures: { training: 0, query: 1 } }))).toMatchObject({
    kind: 'stop',
    error: { code: 'out_of_memory', remedy: expect.stringMatching(/smaller input size or the light preset/) },
  })
})

test('other failures are not for the engine to recover from', () => {
  expect(planRecovery(new AppError('quota_exceeded', 'full'), situation())).toBeNull()
  expect(planRecovery(new AppError('diverged', 'NaN'), situation())).toBeNull()
})
