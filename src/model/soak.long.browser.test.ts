/** Nothing grows: hundreds of steps and queries end with the memory that the first ones took. */

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import { BOTH_ENGINES, enterEngine } from '../../tests/support/engines'
import { attentionProfile } from '../cpral/gaussian-attention'
import { defaultConfig } from '../cpral/presets'
import type { CpralConfig, TrainingConfig } from '../domain/config'
import { checkEngine } from '../engine/webgpu'
import { tfjsModule } from '../kernels/wasm-assembly'
import type { TrainingSample } from '../loader/batch'
import { roundBatches } from '../loader/round-batches'
import type { Learner } from '../loop/learner'
import { createLearner } from './tf-learner'

const SIZE = { height: 32, width: 32 }
/** Steps after which caches are full. */
const WARM_UP = 50
/** Images after which those of queries are: by then each way to ask has been gone twice. */
const FIRST_QUERIES = 24
const UNCERTAINTIES = ['votes', 'margin', 'entropy'] as const
/**
 * JavaScript objects that a step may leave behind on average, in bytes: what counters, caches and the compiler of the
 * browser keep.
 */
const HEAP_BYTES_PER_STEP = 2000

const facts = { format: 'generic', source: 'demo', trainImages: 2, imageSize: SIZE } as const
const configOf = (training: Partial<TrainingConfig>) =>
  defaultConfig(facts, 'tiny', {
    size: SIZE,
    network: { width: 0.25, channels: 8 },
    training: { batchSize: 2, learningRate: 0.001, ...training },
    monteCarlo: { passes: 2 },
  })

/** With as many steps as are trained by them, and as many images as are queried. */
const RULES: [string, { steps: number; images: number }, Partial<TrainingConfig>][] = [
  ["the paper's rules", { steps: 500, images: 200 }, {}],
  [
    'ours',
    { steps: 150, images: 60 },
    {
      schedule: 'poly',
      nesterov: true,
      clipNorm: 5,
      // Keeps the same share from the tenth step on.
      averaging: 0.9,
      ratingDetachAt: 0,
    },
  ],
]

const pixels = SIZE.height * SIZE.width
const rgb = Uint8Array.from({ length: 3 * pixels }, (_, i) => (i * 37) % 256)
const sample: TrainingSample = {
  rgb,
  // The last rows have no label.
  classes: Uint8Array.from({ length: pixels }, (_, i) => (i < pixels - 4 * SIZE.width ? (i >> 4) % 3 : 255)),
  provenance: new Uint8Array(pixels).fill(1),
}

/**
 * What must stay: tensors, their data, bytes of the engine's memory with its pool; and the page's heap after a
 * collection.
 */
async function measure() {
  await cdp().send('HeapProfiler.collectGarbage')
  const { usedSize } = (await cdp().send('Runtime.getHeapUsage')) as { usedSize: number }
  const memory = tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU?: number }
  const { wasmMemory, asm } = tf.getBackend() === 'wasm' ? tfjsModule(tf.backend() as BackendWasm) : {}
  const engineBytes = memory.numBytesAllocatedInGPU ?? (wasmMemory ?? asm?.memory)?.buffer.byteLength
  return { engine: { tensors: memory.numTensors, data: memory.numDataBuffers, engineBytes }, heap: usedSize }
}

const signal = new AbortController().signal

async function train(learner: Learner, config: CpralConfig, round: number, steps: number): Promise<void> {
  const imageIds = Array.from({ length: 2 * steps }, (_, i) => `${i}`)
  const schedule = { round, epoch: 0, epochs: config.training.epochs, firstStep: 0, steps, roundSteps: steps }
  const batch = roundBatches(config, { round, imageIds, sample: async () => sample })
  const request = { ...schedule, batch, onStep: () => {}, signal }
  await learner.trainEpoch(request)
}

async function query(learner: Learner, images: number): Promise<void> {
  const profile = attentionProfile(8, 2)
  for (let seed = 0; seed < images; seed++) {
    if (seed % 10 === 0) await learner.rate([rgb])
    const image = { rgb, seed, vote: 'hard', labelled: null, attentionProfile: profile, regionSide: 8 } as const
    await learner.query(image)
    const uncertainty = UNCERTAINTIES[seed % UNCERTAINTIES.length]
    await learner.classScores({ ...image, uncertainty, wantsRating: seed % 2 === 0, wantsMap: seed % 4 < 2 })
  }
}

// Without `useEngine`: the scope of a suite would keep an object for every tensor until it ends.
describe.each(BOTH_ENGINES)('over many steps on %s', (engine) => {
  beforeAll(() => enterEngine(engine))
  afterEach(checkEngine)

  test.each(RULES)(
    'training by %s and querying keep the memory they have',
    async (_, { steps, images }, training) => {
      const config = configOf(training)
      const learner = createLearner(config, 3, null)
      await train(learner, config, 1, WARM_UP)
      const trained = await measure()
      await train(learner, config, 2, steps - WARM_UP)
      const after = await measure()
      expect(after.engine).toEqual(trained.engine)
      expect(after.heap - trained.heap).toBeLessThan(steps * HEAP_BYTES_PER_STEP)

      learner.prepareInference()
      await query(learner, FIRST_QUERIES)
      const queried = await measure()
      await query(learner, images - FIRST_QUERIES)
      const last = await measure()
      expect(last.engine).toEqual(queried.engine)
      expect(last.heap - queried.heap).toBeLessThan(images * HEAP_BYTES_PER_STEP)
      learner.dispose()
    },
    600_000,
  )
})
