import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LabelRecord } from '../domain/labels'
import { labelShare } from '../domain/labels'
import type { ProjectRecord } from '../domain/project'
import type { QueryRecord, RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { putAnswer } from './answers'
import { loadCheckpoint, loadFirstCheckpoint, saveCheckpoint } from './checkpoints'
import { closeDatabase, type Database, openDatabase, strictWrite, withDatabase } from './database'
import { listGroundTruthIds, listImages, listThumbnails, putImages } from './images'
import { listLabelShares, putLabels } from './labels'
import { withProjectLock } from './project-lock'
import { deleteProject, getProject, listOrphans, listProjects, putProject } from './projects'
import { deleteQueries, getQuery, listQueriedImages, putQuery } from './queries'
import { listRounds, putRound } from './rounds'
import { deleteRun, getRun, listRuns, putRun, renameRun, updateRun } from './runs'
import { getWeights } from './weights'

let db: Database

beforeEach(async () => {
  db = await openDatabase()
  await clearAll(db)
})

afterEach(async () => {
  await clearAll(await openDatabase())
})

async function clearAll(studio: Database): Promise<void> {
  for (const name of studio.objectStoreNames) await studio.clear(name)
}

function project(id: string): ProjectRecord {
  return {
    id,
    name: `Project ${id}`,
    createdAt: 1,
    source: 'folder',
    format: 'generic',
    classes: [],
    counts: { train: 1, val: 0 },
    hasGroundTruth: true,
  }
}

function run(id: string, projectId: string): RunRecord {
  return { id, projectId, createdAt: 1 } as RunRecord // Storage does not look into the rest.
}

function labels(runId: string, imageId: string): LabelRecord {
  return {
    runId,
    imageId,
    size: { height: 1, width: 4 },
    classes: Uint8Array.of(1, 255, 2, 3),
    provenance: Uint8Array.of(2, 2, 3, 0),
  }
}

async function fill(projectId: string, runIds: string[]): Promise<void> {
  await putProject(db, project(projectId))
  const blob = new Blob(['x'])
  const imageId = `${projectId}/a`
  await putImages(db, [
    {
      image: {
        id: imageId,
        projectId,
        split: 'train',
        name: 'a',
        order: 0,
        size: { height: 1, width: 4 },
        blob,
        orientation: 1,
      },
      groundTruth: { imageId, projectId, blob, coding: { kind: 'color', entries: [] }, orientation: 1 },
      thumbnail: { imageId, projectId, blob },
    },
  ])
  for (const runId of runIds) {
    await putRun(db, run(runId, projectId))
    await putRound(db, { runId, index: 1 } as RoundRecord)
    await putLabels(db, [labels(runId, imageId)])
    await db.put('layers', {
      runId,
      round: 1,
      imageId,
      size: { height: 1, width: 4 },
      prediction: null,
      entropy: null,
      attention: null,
    })
    await db.put('queries', { runId, round: 1, imageId, score: 1, candidates: null })
    await putAnswer(db, { runId, round: 1, index: 0, status: 'done', clicks: 1, seconds: 1, at: 1 })
    await saveCheckpoint(db, { runId, round: 1, epoch: 1, bytes: new ArrayBuffer(8) })
  }
}

async function counts(): Promise<Record<string, number>> {
  const entries = [...db.objectStoreNames].map(async (name) => [name, await db.count(name)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

test('a run that was deleted while it computed does not come back', async () => {
  await fill('p', ['r1', 'r2'])
  const [deleted] = await listRuns(db, 'p')
  await updateRun(db, { ...deleted, round: 2 }, { runId: deleted.id, index: 2 } as RoundRecord)
  expect([(await getRun(db, deleted.id)).round, (await listRounds(db, deleted.id)).length]).toEqual([2, 2])
  await deleteRun(db, deleted.id)
  await putLabels(db, [labels(deleted.id, 'p/a')])
  await expect(updateRun(db, deleted)).rejects.toMatchObject({ code: 'not_found' })
  expect([(await listRuns(db, 'p')).length, await db.count('labels'), await db.count('rounds')]).toEqual([1, 1, 1])
})

test('a run gets a name, which what it commits while it computes leaves alone', async () => {
  await fill('p', ['r1', 'r2'])
  await fill('q', ['r3'])
  const computing = await getRun(db, 'r1')
  expect(await renameRun(db, 'r1', '  With all\nlabels ')).toMatchObject({ id: 'r1', name: 'With all labels' })
  await updateRun(db, { ...computing, round: 2 })
  expect(await getRun(db, 'r1')).toMatchObject({ name: 'With all labels', round: 2 })
  await updateRun(db, { ...(await getRun(db, 'r2')), round: 3 })
  expect(await getRun(db, 'r2')).not.toHaveProperty('name')
  // Numbers tell the names of a project's runs apart; another project's may be the same.
  const names = [await renameRun(db, 'r2', 'With all labels'), await renameRun(db, 'r3', 'With all labels')]
  expect(names.map(({ name }) => name)).toEqual(['With all labels 2', 'With all labels'])
  expect((await renameRun(db, 'r2', 'With all labels 2')).name).toBe('With all labels 2')
  expect([...((await renameRun(db, 'r2', 'ä'.repeat(300))).name ?? '')]).toHaveLength(200)
  await expect(renameRun(db, 'r1', ' \n ')).rejects.toMatchObject({ code: 'bad_config' })
  await deleteRun(db, 'r1')
  await expect(renameRun(db, 'r1', 'Late')).rejects.toMatchObject({ code: 'not_found' })
})

test('deleting a run takes everything of it and nothing of another', async () => {
  await fill('p', ['r1', 'r10'])
  await deleteRun(db, 'r1')
  expect(await counts()).toEqual({
    projects: 1,
    images: 1,
    groundTruth: 1,
    thumbnails: 1,
    weights: 0,
    runs: 1,
    rounds: 1,
    labels: 1,
    layers: 1,
    queries: 1,
    answers: 1,
    checkpoints: 1,
    journals: 0,
    strokes: 0,
    bases: 0,
  })
  expect((await listRuns(db, 'p')).map(({ id }) => id)).toEqual(['r10'])
  expect(await listRounds(db, 'r10')).toHaveLength(1)
  await expect(getRun(db, 'r1')).rejects.toMatchObject({ code: 'not_found' })
})

test('deleting a project takes its images and runs and nothing of another', async () => {
  await fill('p', ['r1', 'r2'])
  const before = await counts()
  await fill('q', ['r3'])
  await deleteProject(db, 'q')
  expect(await counts()).toEqual(before)
  await deleteProject(db, 'p')
  expect(Object.values(await counts()).every((count) => count === 0)).toBe(true)
  await expect(getProject(db, 'p')).rejects.toMatchObject({ code: 'not_found' })
})

test('a strict write that throws keeps nothing of what it wrote', async () => {
  const write = strictWrite(db, ['projects', 'runs'], async (transaction) => {
    await transaction.objectStore('projects').put(project('p'))
    await transaction.objectStore('runs').put(run('r', 'p'))
    throw new RangeError('half way')
  })
  await expect(write).rejects.toThrow('half way')
  expect(await db.count('projects')).toBe(0)
  expect(await db.count('runs')).toBe(0)
})

test('a strict write asks for durability strict', async () => {
  const durability = await strictWrite(db, ['projects'], async (transaction) => {
    await transaction.store.put(project('p'))
    return (transaction as unknown as { durability?: string }).durability
  })
  expect(durability).toBe('strict')
})

test('a full disk is reported as quota_exceeded', async () => {
  const write = strictWrite(db, ['projects'], async () => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  await expect(write).rejects.toMatchObject({
    code: 'quota_exceeded',
    remedy: expect.stringContaining('Free disk space'),
  })
})

test('a lost connection is opened again, for reading and for writing', async () => {
  db.close() // What WebKit does to a connection when it loses its storage process.
  await strictWrite(db, ['projects'], (transaction) => transaction.store.put(project('p')))
  const reopened = await openDatabase()
  expect(reopened).not.toBe(db)
  expect((await listProjects(reopened)).map(({ id }) => id)).toEqual(['p'])
  reopened.close()
  expect(await withDatabase(listProjects)).toHaveLength(1)
})

test('what was written is there after closing', async () => {
  await fill('p', ['r'])
  await closeDatabase()
  db = await openDatabase()
  expect((await listImages(db, 'p')).map(({ name }) => name)).toEqual(['a'])
  expect(await (await listThumbnails(db, 'p'))[0].blob.text()).toBe('x')
  expect([...(await listGroundTruthIds(db, 'p'))]).toEqual(['p/a'])
})

test('runs and weights of the first version of the database get the one encoder there was', async () => {
  await closeDatabase()
  await deleteDB('cpral-studio')
  const old = await openDB('cpral-studio', 1, {
    upgrade: (first) => {
      first.createObjectStore('runs', { keyPath: 'id' }).createIndex('projectId', 'projectId')
      first.createObjectStore('weights', { keyPath: 'key' })
    },
  })
  await old.put('runs', { ...run('r', 'p'), config: { seed: 4, network: { width: 0.5 } } })
  await old.put('weights', { key: 'k', name: 'w.safetensors', bytes: new ArrayBuffer(4), firstExpansion: true })
  old.close()
  const { config } = await getRun(await openDatabase(), 'r')
  expect(config).toEqual({ seed: 4, network: { encoder: 'mobilenetv2', width: 0.5 } })
  const weights = await getWeights(await openDatabase(), 'k')
  expect(weights).toMatchObject({ firstExpansion: true, encoder: 'mobilenetv2', source: null })
  await closeDatabase()
  await deleteDB('cpral-studio')
})

test('shares count void as labelled and extension apart', async () => {
  expect(labelShare(labels('r', 'i'))).toEqual({ imageId: 'i', labelled: 0.5, extended: 0.25 })
  await putLabels(db, [labels('r', 'i'), labels('r', 'j'), labels('s', 'i')])
  expect((await listLabelShares(db, 'r')).map(({ imageId }) => imageId)).toEqual(['i', 'j'])
})

test('checkpoints alternate, and a flipped byte in the newer falls back to the older', async () => {
  const save = (epoch: number) =>
    saveCheckpoint(db, { runId: 'r', round: 1, epoch, bytes: Uint8Array.of(epoch, 2, 3).buffer })
  expect(await loadCheckpoint(db, 'r')).toBeNull()
  for (const epoch of [1, 2, 3]) {
    await save(epoch)
    expect((await loadCheckpoint(db, 'r'))?.epoch).toBe(epoch)
  }
  const stored = await db.getAll('checkpoints')
  expect(stored.map(({ epoch }) => epoch).sort()).toEqual([2, 3])
  const newer = stored.find(({ epoch }) => epoch === 3)
  if (!newer) throw new Error('no newer generation')
  new Uint8Array(newer.bytes)[1] ^= 1
  await db.put('checkpoints', newer)
  expect((await loadCheckpoint(db, 'r'))?.epoch).toBe(2)
  await save(4) // Goes where the damaged one was: the good older one stays.
  expect((await db.getAll('checkpoints')).map(({ epoch }) => epoch).sort()).toEqual([2, 4])
})

test('a project is open in one place at a time', async () => {
  await putProject(db, project('p'))
  const held = Promise.withResolvers<void>()
  const first = withProjectLock('p', () => held.promise.then(() => 'done'))
  await expect(withProjectLock('p', async () => 'second')).rejects.toMatchObject({
    code: 'project_locked',
    message: 'The project "Project p" is open in another tab, or busy in this one.',
  })
  expect(await withProjectLock('q', async () => 'other project')).toBe('other project')
  held.resolve()
  expect(await first).toBe('done')
  expect(await withProjectLock('p', async () => 'free again')).toBe('free again')
})

test('images without a project are orphans', async () => {
  await fill('p', [])
  await fill('q', [])
  await db.delete('projects', 'q')
  expect(await listOrphans(db)).toEqual(['q'])
})

test('the end of the first round is kept, and never taken for where a run goes on', async () => {
  const save = (round: number, epoch: number) =>
    saveCheckpoint(db, { runId: 'r', round, epoch, bytes: Uint8Array.of(round, epoch).buffer })
  const first = async () => (await loadFirstCheckpoint(db, 'r'))?.epoch ?? null
  expect(await first()).toBeNull()
  for (const epoch of [1, 2, 3]) await save(1, epoch)
  expect([await first(), await db.count('checkpoints')]).toEqual([3, 2])
  for (const epoch of [1, 2, 3]) await save(2, epoch)
  expect([await first(), await db.count('checkpoints')]).toEqual([3, 3])
  for (const slot of [0, 1]) await db.delete('checkpoints', ['r', slot])
  expect(await loadCheckpoint(db, 'r')).toBeNull()
  const kept = await db.get('checkpoints', ['r', 2])
  await db.put('checkpoints', { ...(kept ?? expect.unreachable()), bytes: Uint8Array.of(9, 9).buffer })
  expect(await first()).toBeNull()
})

test("reads one image's query, names those that have one, and removes a round's", async () => {
  const db = await openDatabase()
  const query = (round: number, imageId: string): QueryRecord => ({
    runId: 'query-run',
    round,
    imageId,
    score: 0.5,
    candidates: null,
    classScores: { masses: Uint16Array.of(1, 65535), classShares: Float32Array.of(0.25), newPixels: null },
  })
  for (const [round, imageId] of [
    [1, 'a'],
    [2, 'a'],
    [2, 'b'],
  ] as const) {
    await putQuery(db, query(round, imageId))
  }
  expect(await getQuery(db, 'query-run', 2, 'b')).toEqual(query(2, 'b'))
  expect(await getQuery(db, 'query-run', 1, 'b')).toBeUndefined()
  expect(await listQueriedImages(db, 'query-run', 2)).toEqual(['a', 'b'])
  await deleteQueries(db, 'query-run', 2)
  expect(await listQueriedImages(db, 'query-run', 2)).toEqual([])
  expect(await listQueriedImages(db, 'query-run', 1)).toEqual(['a'])
  await deleteQueries(db, 'query-run', 1)
})
