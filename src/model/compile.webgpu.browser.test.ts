/** What compiling ahead promises: a run that follows meets every pipeline ready, and nothing was computed for it. */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, expect, test, vi } from 'vitest'
import { useFreshWebGpu } from '../../tests/support/engines'
import { attentionProfile } from '../cpral/gaussian-attention'
import { defaultConfig } from '../cpral/presets'
import type { CpralConfig, MethodName, TrainingConfig } from '../domain/config'
import { compileAhead } from '../gpu/compile-ahead'
import { dispatch, makeOutput } from '../gpu/dispatch'
import type { PacedBackend } from '../gpu/paced-backend'
import { roundBatches } from '../loader/round-batches'
import { createLearner, type TfLearner } from './tf-learner'

useFreshWebGpu()
afterEach(() => vi.restoreAllMocks())

const SIZE = { height: 32, width: 64 }
const PIXELS = SIZE.height * SIZE.width
const rgb = new Uint8Array(3 * PIXELS).fill(100)

function configOf(method: MethodName, training: Partial<TrainingConfig> = {}): CpralConfig {
  const dataset = { format: 'cityscapes', source: 'demo', trainImages: 8, imageSize: SIZE } as const
  const overrides = { size: SIZE, training, selection: { method, regionSide: 8 }, monteCarlo: { passes: 2 } }
  return defaultConfig(dataset, 'tiny', overrides)
}

const learnerFor = (method: MethodName, training: Partial<TrainingConfig> = {}) =>
  createLearner(configOf(method, training), 5, null)

/** Least numbers of pipelines: the second shares most with the first. */
const RULES: [string, number, Partial<TrainingConfig>][] = [
  ["the paper's rules", 40, {}],
  ['ours', 1, { schedule: 'poly', nesterov: true, clipNorm: 5, averaging: 0.99, ratingDetachAt: 0 }],
]

async function trainOneStep(learner: TfLearner): Promise<void> {
  const classes = Uint8Array.from({ length: PIXELS }, (_, i) => i % 5)
  const sample = async () => ({ rgb, classes, provenance: new Uint8Array(PIXELS).fill(1) })
  await learner.trainEpoch({
    round: 1,
    epoch: 0,
    epochs: 20,
    firstStep: 0,
    roundSteps: 1,
    steps: 1,
    batch: roundBatches(configOf('cpral'), { round: 1, imageIds: ['a', 'b', 'c', 'd'], sample }),
    onStep: () => {},
    signal: new AbortController().signal,
  })
}

async function ask(learner: TfLearner): Promise<void> {
  learner.prepareInference()
  await learner.statistics(rgb)
  await learner.rate(Array.from({ length: 8 }, () => rgb))
  const window = { attentionProfile: attentionProfile(8, 2), regionSide: 8 }
  await learner.query({ rgb, seed: 1, vote: 'hard', labelled: new Uint8Array(PIXELS), ...window })
}

test.each(RULES)(
  'after compiling, a round by %s compiles nothing, and the parameters are as they were',
  async (_, least, training) => {
    const learner = learnerFor('cpral', training)
    const before = new Uint8Array(await learner.save())
    const { device } = tf.backend() as PacedBackend
    const waiting = vi.spyOn(device, 'createComputePipeline')
    const ahead = vi.spyOn(device, 'createComputePipelineAsync')
    const reports: [number, number][] = []
    await learner.compile((done, total) => reports.push([done, total]))
    expect(waiting).not.toHaveBeenCalled()
    const compiled = ahead.mock.calls.length
    expect(compiled).toBeGreaterThan(least)
    expect(reports).toEqual(Array.from({ length: compiled + 1 }, (_, done) => [done, compiled]))
    expect(new Uint8Array(await learner.save())).toEqual(before)

    ahead.mockClear()
    waiting.mockClear()
    await trainOneStep(learner)
    await ask(learner)
    expect(waiting.mock.calls.map(([{ label }]) => label)).toEqual([])
    expect(ahead).not.toHaveBeenCalled()
    learner.dispose()
  },
)

test('a second time there is nothing to compile', async () => {
  const learner = learnerFor('cpral')
  await learner.compile(() => {})
  const tensors = tf.memory().numTensors
  const reports: [number, number][] = []
  await learner.compile((done, total) => reports.push([done, total]))
  expect(reports).toEqual([[0, 0]])
  expect(tf.memory().numTensors).toBe(tensors)
  learner.dispose()
})

test('a module that does not compile is named', async () => {
  const module = { label: 'broken-kernel', source: 'override WORKGROUP: u32;\nfn main() { let a: f32 = 1u; }' }
  const compiling = compileAhead(() => {
    const output = makeOutput(tf.backend() as PacedBackend, [4])
    const call = { module, params: {}, inputs: [], outputs: [output], threads: 4 }
    dispatch(tf.backend() as PacedBackend, call)
    tf.backend().disposeData(output.dataId)
  })
  await expect(compiling).rejects.toMatchObject({
    code: 'kernel_failed',
    message: expect.stringContaining('broken-kernel'),
  })
})
