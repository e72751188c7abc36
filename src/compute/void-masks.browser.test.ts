import { encode } from 'fast-png'
import { beforeEach, expect, it } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { type ConfigOverrides, defaultConfig, factsOf } from '../cpral/presets'
import { dataService } from '../data/data-service'
import type { Split } from '../domain/dataset'
import type { ProjectRecord } from '../domain/project'
import { rasterReader } from '../loader/rasters'
import type { Database } from '../storage/database'
import { putImages } from '../storage/images'
import { computeService } from './compute-service'
import { openRunStore } from './indexed-run-store'

const SIZE = { height: 64, width: 64 }
const PIXELS = SIZE.height * SIZE.width
const VOID = new Uint8Array(PIXELS).fill(255)
const HALVES = Uint8Array.from({ length: PIXELS }, (_, i) => (i < PIXELS / 2 ? 0 : 1))
/** Four pixels have a class, at places that every second pixel skips. */
const SPECK = Uint8Array.from({ length: PIXELS }, (_, i) => (i < 4 ? i % 2 : 255))
const data = dataService()
const compute = computeService()
const signal = new AbortController().signal
let db: Database

beforeEach(async () => {
  db = await clearDatabase()
})

function png(values: Uint8Array): Blob {
  return new Blob([new Uint8Array(encode({ ...SIZE, data: values, channels: 1, depth: 8 }))])
}

/** A project of two classes whose images have these masks; nobody has counted their pixels yet. */
async function storeProject(train: Uint8Array[], val: Uint8Array[]): Promise<ProjectRecord> {
  const project: ProjectRecord = {
    id: 'p',
    name: 'masks',
    createdAt: 0,
    source: 'folder',
    format: 'generic',
    classes: [
      { name: 'road', color: [0, 0, 0] },
      { name: 'sky', color: [255, 0, 0] },
    ],
    counts: { train: train.length, val: val.length },
    hasGroundTruth: true,
  }
  const table = Array.from({ length: 256 }, (_, value) => (value < 2 ? value : 255))
  const entry = (split: Split, mask: Uint8Array, order: number) => {
    const imageId = `p/${order}`
    const owner = { imageId, projectId: 'p' }
    const image = { id: imageId, projectId: 'p', split, name: `${order}`, order, size: SIZE }
    return {
      image: { ...image, blob: png(HALVES), orientation: 1 },
      groundTruth: { ...owner, blob: png(mask), coding: { kind: 'index' as const, table }, orientation: 1 },
      thumbnail: { ...owner, blob: png(HALVES) },
    }
  }
  const masks = [...train.map((mask) => ['train', mask] as const), ...val.map((mask) => ['val', mask] as const)]
  await putImages(
    db,
    masks.map(([split, mask], order) => entry(split, mask, order)),
  )
  await db.put('projects', project)
  return project
}

async function createRun(project: ProjectRecord, overrides: ConfigOverrides = {}) {
  return await compute.createRun({
    projectId: project.id,
    config: defaultConfig(factsOf(project, SIZE), 'tiny', overrides),
  })
}

const HALF_SIZE: ConfigOverrides = { size: { height: 32, width: 32 } }

it('refuses a run on masks that are void all over, counted or not', async () => {
  const project = await storeProject([VOID, VOID, VOID], [VOID])
  await expect(createRun(project)).rejects.toThrow(/No pixel of the training masks .* All of them are void/)
  await data.truthPixels({ projectId: 'p' }, () => {}, signal)
  await expect(createRun(project)).rejects.toThrow(/No pixel of the training masks .* All of them are void/)
  expect(await data.listRuns({ projectId: 'p' })).toEqual([])
  await expect(createRun(project, { annotator: 'person' })).resolves.toMatchObject({ status: 'ready' })
})

it('refuses it when the input size skips the last pixels that have a class, and only then', async () => {
  const project = await storeProject([SPECK, SPECK, SPECK], [HALVES])
  await data.truthPixels({ projectId: 'p' }, () => {}, signal)
  await expect(createRun(project, HALF_SIZE)).rejects.toMatchObject({
    message: expect.stringMatching(/at the input size 32x32\. Of its 3 train images 3 have some at their own size/),
    remedy: 'Choose a larger input size.',
  })
  await expect(createRun(project)).resolves.toMatchObject({ status: 'ready' })
})

it('refuses masks in which one class occurs', async () => {
  const project = await storeProject([VOID.map((id, i) => (i < 99 ? 1 : id)), HALVES.map(() => 1)], [HALVES])
  await expect(createRun(project)).rejects.toThrow(/are "sky"\. .*mIoU would be 1/)
})

it('keeps void images out of the oracle’s pool, and the run remembers which', async () => {
  const project = await storeProject([HALVES, VOID, HALVES, HALVES], [HALVES])
  const run = await createRun(project)
  expect(run.voidImages).toEqual(['p/1'])
  const store = await openRunStore(db, run, rasterReader(db, run.config.size))
  expect(store.pool.map(({ id }) => id)).toEqual(['p/0', 'p/2', 'p/3'])
  const byPerson = await createRun(project, { annotator: 'person' })
  expect((await openRunStore(db, byPerson, rasterReader(db, SIZE))).pool).toHaveLength(4)
})

it('counts masks once: afterwards the counts are read, not the files', async () => {
  await storeProject([HALVES, SPECK], [VOID])
  const counted = await data.truthPixels({ projectId: 'p' }, () => {}, signal)
  expect(counted.map(({ split, pixels }) => [split, pixels])).toEqual([
    ['train', [PIXELS / 2, PIXELS / 2, 0]],
    ['train', [2, 2, PIXELS - 4]],
    ['val', [0, 0, PIXELS]],
  ])
  for (const truth of await db.getAll('groundTruth')) await db.put('groundTruth', { ...truth, blob: new Blob([]) })
  expect(await data.truthPixels({ projectId: 'p' }, () => {}, signal)).toEqual(counted)
})
