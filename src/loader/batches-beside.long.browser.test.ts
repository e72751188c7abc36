/** The training step does not wait for its batch: the worker makes it while the step before is computed. */
import { expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { enterEngine } from '../../tests/support/engines'
import { openRunStore } from '../compute/indexed-run-store'
import { defaultConfig, factsOf } from '../cpral/presets'
import { dataService } from '../data/data-service'
import { PROVENANCE } from '../domain/labels'
import type { RunRecord } from '../domain/run'
import { createLearner } from '../model/tf-learner'
import { putLabels } from '../storage/labels'
import { rasterReader } from './rasters'

const SIZE = { height: 180, width: 240 }
const CLASSES = 8
const IMAGES = 24
const STEPS = 24
const signal = new AbortController().signal

test('a step on WASM waits for less than a twentieth of its time', async () => {
  await enterEngine('wasm')
  const db = await clearDatabase()
  const project = await dataService().createDemo({ images: IMAGES, validationImages: 1, seed: 1 }, () => {}, signal)
  const config = defaultConfig(factsOf(project, SIZE), 'light', { size: SIZE, recipe: 'studio' })
  const run = { id: 'run', projectId: project.id, config } as RunRecord
  const openLoader = () =>
    new Worker(new URL('../../workers/loader.worker.ts', import.meta.url), { type: 'module', name: 'loader' })
  const store = await openRunStore(db, run, rasterReader(db, SIZE), openLoader)
  const imageIds = store.pool.map(({ id }) => id)
  const pixels = SIZE.height * SIZE.width
  await putLabels(
    db,
    imageIds.map((imageId, i) => {
      const provenance = new Uint8Array(pixels).fill(PROVENANCE.oracle, 0, i % 2 === 0 ? pixels : pixels / 10)
      const classes = provenance.map((value, pixel) => (value ? (pixel >> 6) % CLASSES : 255))
      return { runId: run.id, imageId, size: SIZE, classes, provenance }
    }),
  )
  const learner = createLearner(config, CLASSES, null)
  const { seed, training } = config
  const source = store.batches({ rules: { seed, size: SIZE, training }, round: 1, imageIds, steps: 2 * STEPS })
  let waited = 0
  const batch = async (step: number) => {
    const asked = performance.now()
    const arrays = await source.batch(step)
    waited += performance.now() - asked
    return arrays
  }
  const train = (epoch: number) =>
    learner.trainEpoch({
      ...{ round: 1, epoch, epochs: 2, firstStep: epoch * STEPS, steps: STEPS, roundSteps: 2 * STEPS },
      ...{ batch, onStep: () => {}, signal },
    })
  try {
    // Images are decoded, and the worker is opened, in the first steps.
    await train(0)
    const first = waited
    waited = 0
    const start = performance.now()
    await train(1)
    const took = performance.now() - start
    const share = waited / took
    console.log(
      `${STEPS} steps took ${took.toFixed(0)} ms, of which ${(100 * share).toFixed(2)} % waited; before ${first}`,
    )
    expect(share).toBeLessThan(0.05)
  } finally {
    source.close()
    learner.dispose()
  }
}, 600_000)
