/** Saves a project as one file, while people go on labelling it and a run goes on computing. */
import type { IDBPTransaction } from 'idb'
import type { OnProgress } from '../rpc/contract'
import type { StoreName, Studio } from '../storage/database'
import { getProject } from '../storage/projects'
import { recordToBlob } from '../storage/record-bytes'
import { RUN_STORES } from '../storage/runs'
import type { StudioSchema } from '../storage/schema'
import { pacedProgress } from './paced-progress'
import { FORMAT, HEAD, type Head, IMAGE_STORES, VERSION } from './project-file'
import { ZipFile } from './zip-file'

interface SavedRecord {
  store: StoreName
  bytes: Blob
}

/**
 * Writes the file record by record. Runs come before images: what somebody labels in the meantime is to a run in the file like
 * labels given after it stopped. The project comes last: a class that a label names is then among its classes.
 * @throws AppError `not_found` when the project is deleted in the meantime
 */
export async function exportProject(
  db: Studio,
  projectId: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Blob> {
  const report = pacedProgress(onProgress, 'export')
  const runs = await db.getAllFromIndex('runs', 'projectId', projectId)
  const imageIds = await db.getAllKeysFromIndex('images', 'projectId', projectId)
  const weights = [...new Set(runs.flatMap(({ config }) => config.weights ?? []))]
  const maps = await Promise.all(runs.map(({ id }) => db.count('layers', within(id))))
  const parts = [
    ...runs.map(({ id }, i) => ({ size: 1 + maps[i], content: recordsOfRun(db, id) })),
    ...imageIds.map((id) => ({ size: 1, content: recordsOfImage(db, id) })),
    ...weights.map((key) => ({ size: 1, content: recordsAt(db, 'weights', [key]) })),
  ]
  const total = parts.reduce((sum, { size }) => sum + size, 0)
  const zip = new ZipFile()
  let records = 0
  let done = 0
  for (const { size, content } of parts) {
    let written = 0
    for await (const { store, bytes } of content) {
      signal.throwIfAborted()
      await zip.add(`${store}/${records++}`, bytes)
      report({ phase: 'export', done: done + Math.min(++written, size - 1), total })
    }
    done += size
  }
  const project = await getProject(db, projectId)
  const head: Head = { format: FORMAT, version: VERSION, projectId, runIds: runs.map(({ id }) => id), records }
  await zip.add(HEAD, recordToBlob({ head, project }))
  report({ phase: 'export', done: total, total })
  return zip.finish()
}

/**
 * A run as of one moment: what is on disk then is what a kill would leave, and a run goes on from that. Maps are most of a run's
 * bytes and follow one by one: those of that moment are written anew at most with more in them.
 */
async function* recordsOfRun(db: Studio, runId: string): AsyncGenerator<SavedRecord> {
  const transaction = db.transaction(RUN_STORES)
  const maps = await transaction.objectStore('layers').getAllKeys(within(runId))
  const records = await readTogether(
    transaction,
    RUN_STORES.filter((store) => store !== 'layers'),
    runId,
  )
  // Let go as they are written: the file holds their bytes from then on, and the browser need not hold them twice.
  for (let record = records.shift(); record; record = records.shift()) yield record
  yield* recordsAt(db, 'layers', maps)
}

/** An image with its journal as of one moment. */
async function* recordsOfImage(db: Studio, imageId: string): AsyncGenerator<SavedRecord> {
  yield* await readTogether(db.transaction(IMAGE_STORES), IMAGE_STORES, imageId)
}

/**
 * Every record of an image or run in these stores. The transaction ends where anything else is awaited, so nothing is written to
 * the file before all are read; what waits for that are blobs, which the browser keeps outside of this worker's memory.
 */
async function readTogether<Stores extends StoreName>(
  transaction: IDBPTransaction<StudioSchema, Stores[], 'readonly'>,
  stores: readonly Stores[],
  id: string,
): Promise<SavedRecord[]> {
  const records: SavedRecord[] = []
  for (const name of stores) {
    const store = transaction.objectStore(name)
    const range = Array.isArray(store.keyPath) ? within(id) : IDBKeyRange.only(id)
    for (let cursor = await store.openCursor(range); cursor; cursor = await cursor.continue()) {
      records.push({ store: name, bytes: recordToBlob(cursor.value) })
    }
  }
  return records
}

/** Keys that are arrays and begin with `id`. */
function within(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []])
}

/** Records that do not depend on one another. */
async function* recordsAt(db: Studio, store: 'layers' | 'weights', keys: IDBValidKey[]): AsyncGenerator<SavedRecord> {
  for (const key of keys) {
    const record = await db.get(store, key as never)
    if (record) yield { store, bytes: recordToBlob(record) }
  }
}
