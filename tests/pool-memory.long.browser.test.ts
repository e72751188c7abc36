/**
 * The whole pool is asked with one image in memory at a time: 7,000 images of 720 x 1280 with 19 classes, their scores
 * in the browser's own storage, and a network that makes its scores up.
 */
import { beforeAll, expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import { METHODS } from '../src/cpral/methods'
import { poolRule } from '../src/cpral/pool-rules'
import { defaultConfig } from '../src/cpral/presets'
import { roundBudget } from '../src/cpral/region-selection'
import { windowGrid } from '../src/cpral/window-grid'
import { type LabelRecord, PROVENANCE } from '../src/domain/labels'
import type { ClassScoreRequest, Learner } from '../src/loop/learner'
import { poolQuery, scorePool } from '../src/loop/pool-query'
import type { RoundContext } from '../src/loop/round-context'
import type { PoolImage, RunStore } from '../src/loop/run-store'
import { randomStream } from '../src/math/random'
import type { Database } from '../src/storage/database'
import { getLayers, putLayers } from '../src/storage/layers'
import { deleteQueries, getQuery, listQueriedImages, putQuery } from '../src/storage/queries'
import { clearDatabase } from './support/database'

const IMAGES = 7000
const CLASSES = 19
const SIZE = { height: 720, width: 1280 }
const PIXELS = SIZE.height * SIZE.width
/** A part of every so manieth image is labelled. */
const LABELLED_EVERY = 50
/** From here on nothing may grow by more than what is noted of an image. */
const WARM_UP = 1000
/**
 * Bytes that may stay of an image while the pool is scored: its scores take 28,000. While regions are chosen its
 * candidates stay besides: 4 windows, or 4 of each class and 13 of all of them.
 */
const SCORED_BYTES = 100
const CHOSEN_BYTES = { 'balanced-entropy': 700, 'balanced-margin': 700, 'stratified-entropy': 14_000 } as const

type PoolMethod = keyof typeof CHOSEN_BYTES

const facts = { format: 'bdd100k', source: 'folder', trainImages: IMAGES, imageSize: SIZE } as const
const configOf = (method: PoolMethod) => defaultConfig(facts, 'paper', { size: SIZE, selection: { method } })
const pool: PoolImage[] = Array.from({ length: IMAGES }, (_, order) => ({ id: `i${order}`, name: `${order}`, order }))
const orderOf = (imageId: string) => Number(imageId.slice(1))

/** Bytes of the page after a collection, those of arrays included. */
async function heldBytes(): Promise<number> {
  await cdp().send('HeapProfiler.collectGarbage')
  const usage = (await cdp().send('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize: number }
  expect(usage.backingStorageSize).toBeGreaterThan(0)
  return usage.usedSize + usage.backingStorageSize
}

/** Bytes held at image `WARM_UP` and at the last one, for each time that the pool is gone through. */
class Watch {
  readonly held: [number, number][] = []
  #seen = 0

  async image(): Promise<void> {
    this.#seen++
    const place = this.#seen % IMAGES
    if (place === WARM_UP) this.held.push([await heldBytes(), Number.NaN])
    if (place === 0) (this.held.at(-1) as [number, number])[1] = await heldBytes()
  }

  /** Bytes that each image after the first ones left, for each time. */
  perImage(): number[] {
    return this.held.map(([first, last]) => (last - first) / (IMAGES - WARM_UP))
  }
}

/** Scores that differ from image to image, in new arrays: what the loop keeps of them would be seen. */
function madeUpLearner(regionSide: number): Learner {
  const { ys, xs } = windowGrid(SIZE, regionSide)
  const count = ys.length * xs.length * CLASSES
  const stream = randomStream(1, 'masses')
  const noise = Float32Array.from({ length: count + IMAGES }, () => stream.next())
  const classScores = async ({ rgb, wantsMap, wantsRating }: ClassScoreRequest) => {
    const [order] = new Uint32Array(rgb.buffer)
    return {
      masses: noise.slice(order, order + count),
      classShares: noise.slice(order, order + CLASSES),
      rating: wantsRating ? noise[order] : null,
      map: wantsMap ? { values: new Uint8Array(PIXELS), max: 1 } : null,
    }
  }
  return { classScores } as Partial<Learner> as Learner
}

function partlyLabelled(imageId: string): LabelRecord {
  const provenance = new Uint8Array(PIXELS).fill(PROVENANCE.human, 0, PIXELS / 4)
  return { runId: 'run', imageId, size: SIZE, classes: new Uint8Array(PIXELS), provenance } as LabelRecord
}

function storeOn(db: Database, watch: Watch): RunStore {
  const store: Partial<RunStore> = {
    pool,
    rgb: async (id) => new Uint8Array(Uint32Array.of(orderOf(id)).buffer),
    labels: async (id) => (orderOf(id) % LABELLED_EVERY === 0 ? partlyLabelled(id) : undefined),
    queriedImages: async (round) => new Set(await listQueriedImages(db, 'run', round)),
    query: async (round, id) => {
      await watch.image()
      return getQuery(db, 'run', round, id)
    },
    commitQuery: async (query) => {
      await putQuery(db, query)
      await watch.image()
    },
    commitLayers: (layers) => putLayers(db, layers),
    layers: (round, id) => getLayers(db, 'run', round, id),
  }
  return store as RunStore
}

function contextOf(method: PoolMethod, store: RunStore, learner: Learner): RoundContext {
  const context: Partial<RoundContext> = {
    config: configOf(method),
    method: METHODS[method],
    classCount: CLASSES,
    run: { id: 'run' } as RoundContext['run'],
    record: { index: 1, subset: pool.map(({ id }) => ({ imageId: id, score: 0 })) } as RoundContext['record'],
    store,
    learner,
    onProgress: () => {},
    signal: new AbortController().signal,
    commit: async () => {},
    addSeconds: () => {},
  }
  return context as RoundContext
}

let db: Database
beforeAll(async () => {
  db = await clearDatabase()
})

const ruleOf = (method: PoolMethod) => {
  const rule = poolRule(METHODS[method])
  if (!rule) throw new Error(`${method} does not look at the pool`)
  return rule
}

test('scoring 7,000 images keeps nothing of them, and neither does choosing but for the candidates', async () => {
  const { selection } = configOf('balanced-entropy')
  const learner = madeUpLearner(selection.regionSide)
  const scoring = new Watch()
  const method = 'balanced-entropy'
  await scorePool(contextOf(method, storeOn(db, scoring), learner), ruleOf(method))
  const [scored] = scoring.perImage()
  console.log(`bytes that stay of an image: scoring ${scored.toFixed(0)}`)
  expect(scored).toBeLessThan(SCORED_BYTES)
  expect((await listQueriedImages(db, 'run', 1)).length).toBe(IMAGES)

  for (const method of Object.keys(CHOSEN_BYTES) as PoolMethod[]) {
    const choosing = new Watch()
    const context = contextOf(method, storeOn(db, choosing), learner)
    const budget = roundBudget(selection, SIZE)
    const { regions } = (await poolQuery(context, ruleOf(method), budget)).take(budget)
    const [counted, offered] = choosing.perImage()
    console.log(`${method}: counting ${counted.toFixed(0)}, choosing ${offered.toFixed(0)}; ${regions.length} regions`)
    expect(counted, method).toBeLessThan(SCORED_BYTES)
    expect(offered, method).toBeLessThan(CHOSEN_BYTES[method])
    expect(new Set(regions.map(({ imageId }) => imageId)).size, method).toBeGreaterThan(20)
  }
  await deleteQueries(db, 'run', 1)
}, 900_000)
