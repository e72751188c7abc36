/** The loader in its worker: same batches as in this thread, errors with their sentence, and an end. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { createShortRun } from '../../tests/support/short-run'
import { computeService } from '../compute/compute-service'
import { openRunStore } from '../compute/indexed-run-store'
import { PROVENANCE } from '../domain/labels'
import type { RunRecord } from '../domain/run'
import type { Database } from '../storage/database'
import { putLabels } from '../storage/labels'
import type { BatchArrays } from './batch'
import type { BatchSource } from './batch-source'
import { rasterReader } from './rasters'

const STEPS = 5
let db: Database
let run: RunRecord
let imageIds: string[] = []
let workers: Worker[] = []
const sources: BatchSource[] = []

const openWorker = () => {
  const url = new URL('../../workers/loader.worker.ts', import.meta.url)
  const worker = new Worker(url, { type: 'module', name: 'loader' })
  workers.push(worker)
  return worker
}

beforeEach(async () => {
  db = await clearDatabase()
  run = await createShortRun(computeService())
  const { size } = run.config
  const { pool } = await openRunStore(db, run, rasterReader(db, size))
  imageIds = pool.slice(0, 3).map(({ id }) => id)
  await putLabels(
    db,
    imageIds.map((imageId, i) => {
      const provenance = new Uint8Array(size.height * size.width)
      provenance.fill(PROVENANCE.oracle, 0, i === 0 ? provenance.length : 1000)
      const classes = provenance.map((value, pixel) => (value ? (pixel >> 3) % 5 : 255))
      return { runId: run.id, imageId, size, classes, provenance }
    }),
  )
})

afterEach(() => {
  for (const source of sources.splice(0)) source.close()
  workers = []
})

async function sourceOf(open: (() => Worker) | null, settings = {}): Promise<BatchSource> {
  const { seed, size, training } = run.config
  const store = await openRunStore(db, run, rasterReader(db, size), open)
  const rules = { seed, size, training: { ...training, ...settings } }
  const source = store.batches({ rules, round: 1, imageIds, steps: STEPS })
  sources.push(source)
  return source
}

async function allOf(source: BatchSource): Promise<BatchArrays[]> {
  const batches = []
  for (let step = 0; step < STEPS; step++) batches.push(await source.batch(step))
  return batches
}

const STUDIO = { drawFrom: 'labels', mosaic: true, scaleLeast: 0.75, scaleMost: 1.25, jitter: 0.2, rareShare: 0.3 }

test.each([
  ["the paper's", {}],
  ['the studio', STUDIO],
])('a worker makes the batches that this thread makes, by %s rules', async (_, settings) => {
  const [here, beside] = [await sourceOf(null, settings), await sourceOf(openWorker, settings)]
  const [want, got] = [await allOf(here), await allOf(beside)]
  for (const [step, batch] of got.entries()) {
    const same = (name: 'images' | 'labels' | 'weights') =>
      batch[name].length > 1000 && batch[name].every((value, i) => value === want[step][name][i])
    expect([same('images'), same('labels'), same('weights')]).toEqual([true, true, true])
    const { pass, step: place, labelledPixels, weightSums } = want[step]
    expect(batch).toMatchObject({ pass, step: place, labelledPixels, weightSums })
  }
  expect(workers).toHaveLength(1)
})

test('a step that is asked for out of turn is made as well', async () => {
  const source = await sourceOf(openWorker)
  const [last, first, again] = [await source.batch(4), await source.batch(0), await source.batch(4)]
  expect([last.step, first.step]).toEqual([again.step, 0])
})

test('what keeps an image from being read is said as it is here', async () => {
  const told = async (source: BatchSource) => source.batch(0).catch(({ code, message }) => ({ code, message }))
  const image = await db.get('images', imageIds[1])
  if (!image) throw new Error('no image')
  await db.delete('images', image.id)
  const all = { batchSize: 8 }
  const beside = await told(await sourceOf(openWorker, all))
  expect(beside).toMatchObject({ code: 'not_found' })
  await db.put('images', image)
  await db.delete('labels', [run.id, imageIds[0]])
  expect(await told(await sourceOf(openWorker, all))).toEqual(await told(await sourceOf(null, all)))
})

test('no worker is opened for a round that is trained, and none is left after one', async () => {
  const terminate = vi.spyOn(Worker.prototype, 'terminate')
  try {
    const unused = await sourceOf(openWorker)
    unused.close()
    expect(workers).toEqual([])
    const source = await sourceOf(openWorker)
    await source.batch(0)
    source.close()
    expect(terminate.mock.contexts).toEqual(workers)
    await expect(source.batch(3)).rejects.toMatchObject({ code: 'internal', message: 'The loader was closed.' })
    expect(workers).toHaveLength(1)
  } finally {
    terminate.mockRestore()
  }
})

test('a worker that dies says so, and is not opened again', async () => {
  const source = await sourceOf(openWorker)
  await source.batch(0)
  const waiting = source.batch(4)
  workers[0].dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }))
  const death = { code: 'internal', message: 'The loader worker stopped: out of memory.' }
  await expect(waiting).rejects.toMatchObject(death)
  await expect(source.batch(3)).rejects.toMatchObject(death)
  expect(workers).toHaveLength(1)
})
