/** Real runs on engines that fail under them: devices destroyed in every stage, memory that is full. */

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createShortRun,
  data,
  firstRoundOf,
  type LimitedMemory,
  limitDeviceMemory,
  type WatchedDevices,
  watchDevices,
} from '../../tests/support/short-run'
import type { ConfigOverrides } from '../cpral/presets'
import type { OnProgress, Progress } from '../domain/progress'
import type { RunRecord } from '../domain/run'
import { closeWebGpu } from '../engine/webgpu'
import { tfjsModule } from '../kernels/wasm-assembly'
import { loadCheckpoint } from '../storage/checkpoints'
import { openDatabase } from '../storage/database'
import { getRun } from '../storage/runs'
import { readSafetensors } from '../weights/safetensors'
import { computeService } from './compute-service'
import { EngineKeeper } from './engine-keeper'
import { runToEnd } from './run-to-end'

let devices: WatchedDevices
let memory: LimitedMemory

beforeAll(() => {
  devices = watchDevices()
  memory = limitDeviceMemory()
})

afterAll(() => {
  closeWebGpu()
  memory[Symbol.dispose]()
  devices[Symbol.dispose]()
})

/**
 * Starts a short run; resolves to what is stored of it when it ends, fails or is stopped by `onProgress` returning
 * true.
 */
async function runShort(
  keeper: EngineKeeper,
  onProgress: (...values: Parameters<OnProgress>) => unknown = () => {},
  training: ConfigOverrides['training'] = {},
) {
  const db = await openDatabase()
  const { id } = await createShortRun(computeService(), training)
  const controller = new AbortController()
  const report: OnProgress = (progress) => {
    if (onProgress(progress) === true) controller.abort()
  }
  const { signal } = controller
  await runToEnd({ db, run: await getRun(db, id), keeper, onProgress: report, signal, openLoader: null }).catch(
    () => null,
  )
  return getRun(db, id)
}

/** Alone on a machine a test takes half a minute; kernels are compiled anew for every device. */
const TIMEOUT_MS = 400_000

type Phase = Progress['phase']

const codes = ({ incidents }: RunRecord) => incidents?.map(({ code }) => code)

test(
  'a device lost in any stage costs nothing, and after the second loss the CPU takes over',
  async () => {
    const keeper = new EngineKeeper()
    const stages: Phase[] = ['compile', 'train', 'evaluate', 'rate', 'entropy', 'extend']
    const lost: Phase[] = []
    const undisturbed = await runShort(keeper, ({ round }) => round === 2)
    expect([undisturbed.status, undisturbed.incidents, undisturbed.engine?.engine]).toEqual([
      'paused',
      undefined,
      'webgpu',
    ])

    // A new device, for which kernels are compiled anew.
    await keeper.reboot()
    const run = await runShort(keeper, ({ phase, done, total, round, engine }) => {
      // In the first round each loss is the first one; in the second it is the second.
      if (engine && lost.length < stages.length) keeper.losses = 0
      const isDue = round === 1 ? phase === stages[lost.length] && done < total : lost.length === stages.length
      if (!isDue) return
      lost.push(phase)
      // In the midst of the next image or step, not between two.
      setTimeout(() => devices.opened.at(-1)?.destroy(), 5)
    })
    expect(lost).toEqual([...stages, 'train'])
    expect(run.status).toBe('done')
    expect(codes(run)).toEqual(lost.map(() => 'device_lost'))
    const sentences = run.incidents?.map(({ sentence }) => sentence) ?? []
    expect(sentences[0]).toMatch(/^The GPU was reset in round 1; the run goes on from epoch 1 with smaller steps\.$/)
    expect(sentences.at(-1)).toMatch(/^The GPU was reset again in round 2; .* from epoch 1 on the CPU \(WASM\)/)
    expect(run.engine).toMatchObject({ engine: 'wasm', reason: expect.stringContaining('reset twice') })
    expect(run.effort).toEqual({ batchSize: null, share: 2 ** -stages.length })
    // Every label is given in round 1.
    expect(await firstRoundOf(run.id)).toEqual(await firstRoundOf(undisturbed.id))
  },
  TIMEOUT_MS,
)

test(
  'full graphics memory halves the batch, then the passes, and the run ends',
  async () => {
    const keeper = new EngineKeeper()
    let isTrained = false
    let boots = 0
    const run = await runShort(keeper, ({ phase, done, engine }) => {
      if (engine) {
        boots++
        memory.limit = Number.POSITIVE_INFINITY
      }
      // What is allocated by now fits, and nothing more.
      if (phase === 'train' && done === 1 && !isTrained) {
        isTrained = true
        memory.limit = memory.used
      }
      if (phase === 'entropy' && done === 1 && boots === 1) memory.limit = memory.used
    })
    expect(boots).toBe(2)
    expect(codes(run)).toEqual(['out_of_memory', 'out_of_memory'])
    expect(run.incidents?.[0]?.sentence).toMatch(
      /^The graphics memory was full in round 1; .* from epoch [12] with 2 images in a batch in place of 4\.$/,
    )
    expect(run.incidents?.[1]?.sentence).toMatch(/from the last finished image with fewer passes at once\.$/)
    expect(run.effort).toEqual({ batchSize: 2, share: 0.5 })
    expect(run.status).toBe('done')
    memory.limit = Number.POSITIVE_INFINITY
  },
  TIMEOUT_MS,
)

test(
  'a full WASM heap halves the batch, and the run ends',
  async () => {
    const keeper = new EngineKeeper()
    await keeper.boot({ engine: 'wasm' })
    const module = tfjsModule(tf.backend() as BackendWasm)
    const allocate = module._malloc
    let isFull = false
    let wasFull = false
    module._malloc = (bytes) => {
      // What a kernel throws that is given an address beyond the heap.
      if (isFull && bytes > 50_000) throw new WebAssembly.RuntimeError('memory access out of bounds')
      return allocate(bytes)
    }
    const run = await runShort(keeper, ({ phase, done, engine }) => {
      if (engine) isFull = false
      else if (phase === 'train' && done === 1 && !wasFull) {
        isFull = true
        wasFull = true
      }
    })
    module._malloc = allocate
    expect(run.incidents?.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(
        /^The memory of the WASM engine was full in round 1; .* 2 images in a batch in place of 4\.$/,
      ),
    ])
    expect([run.failure, run.status, run.effort?.batchSize]).toEqual([null, 'done', 2])
  },
  TIMEOUT_MS,
)

test('training that diverges stops the run and keeps the epoch before', async () => {
  const keeper = new EngineKeeper()
  await keeper.boot({ engine: 'wasm' })
  const run = await runShort(keeper, undefined, { epochs: 20, learningRate: 9, headLrFactor: 1e9 })
  expect(run.status).toBe('failed')
  expect(run.failure).toMatchObject({ code: 'diverged', remedy: expect.stringMatching(/^Duplicate the run/) })
  const checkpoint = await loadCheckpoint(await openDatabase(), run.id)
  const [round] = await data.rounds({ runId: run.id })
  expect(checkpoint?.epoch).toBeGreaterThanOrEqual(1)
  expect(round?.losses.slice(0, checkpoint?.epoch).every(Number.isFinite)).toBe(true)
  for (const { values } of readSafetensors(checkpoint?.bytes as ArrayBuffer, 'checkpoint').values()) {
    expect(values.every(Number.isFinite)).toBe(true)
  }
})
