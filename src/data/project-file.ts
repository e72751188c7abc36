/**
 * A project as one file: a zip with every record that belongs to it, images, labels with their history, runs, checkpoints and
 * weights. Opened on another machine, or beside itself, it is the same project in the same state.
 */
import { BlobReader, BlobWriter, configure, type FileEntry, ZipReader } from '@zip.js/zip.js'
import type { OnProgress } from '../rpc/contract'
import { AppError } from '../rpc/errors'
import { type StoreName, type Studio, strictWrite } from '../storage/database'
import { withProjectLock } from '../storage/project-lock'
import { deleteProject, getProject } from '../storage/projects'
import { recordFromBlob, recordToBlob } from '../storage/record-bytes'
import { RUN_STORES } from '../storage/runs'
import type { ProjectRecord } from '../storage/schema'
import { distinctName } from './import-folder'
import { pacedProgress } from './paced-progress'
import { ZipFile } from './zip-file'

// This is a worker already.
configure({ useWebWorkers: false })

const FORMAT = 'cpral-studio project'
const VERSION = 1
const HEAD = 'project.json'

/** What is known of a project file before its records are read. */
interface Head {
  format: typeof FORMAT
  version: number
  projectId: string
  runIds: string[]
  records: number
}

/** Stores whose records belong to an image, to a run, or are shared. */
const IMAGE_STORES = ['images', 'groundTruth', 'thumbnails', 'journals', 'bases', 'strokes'] as const
const STORES: readonly StoreName[] = [...IMAGE_STORES, ...RUN_STORES, 'weights']

type Key = IDBValidKey | IDBKeyRange

/** The keys of everything that belongs to a project, by store, and the ids of its runs. */
async function keysOf(db: Studio, projectId: string): Promise<{ keys: [StoreName, Key][]; runIds: string[] }> {
  const keys: [StoreName, Key][] = []
  const take = async (store: StoreName, range: IDBKeyRange) => {
    for (const key of await db.getAllKeys(store, range)) keys.push([store, key])
  }
  const below = (id: string) => IDBKeyRange.bound([id], [id, []])
  for (const imageId of await db.getAllKeysFromIndex('images', 'projectId', projectId)) {
    for (const store of IMAGE_STORES) {
      await take(store, store === 'strokes' ? below(imageId) : IDBKeyRange.only(imageId))
    }
  }
  const runs = await db.getAllFromIndex('runs', 'projectId', projectId)
  for (const { id } of runs) {
    for (const store of RUN_STORES) await take(store, store === 'runs' ? IDBKeyRange.only(id) : below(id))
  }
  const weights = new Set(runs.flatMap(({ config }) => (config.weights ? [config.weights] : [])))
  for (const key of weights) await take('weights', IDBKeyRange.only(key))
  return { keys, runIds: runs.map(({ id }) => id) }
}

/** Writes the file record by record; only one of them is in memory at a time. */
export async function exportProject(
  db: Studio,
  projectId: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Blob> {
  const report = pacedProgress(onProgress, 'export')
  const project = await getProject(db, projectId)
  const { keys, runIds } = await keysOf(db, projectId)
  const zip = new ZipFile()
  const head: Head = { format: FORMAT, version: VERSION, projectId, runIds, records: keys.length }
  await zip.add(HEAD, recordToBlob({ head, project }))
  for (const [i, [store, key]] of keys.entries()) {
    signal.throwIfAborted()
    const record: unknown = await db.get(store, key as never)
    if (record) await zip.add(`${store}/${i}`, recordToBlob(record))
    report({ phase: 'export', done: i + 1, total: keys.length })
  }
  return zip.finish()
}

/** Whether a zip is a project file rather than an archive of images. */
export async function isProjectFile(file: File): Promise<boolean> {
  const reader = new ZipReader(new BlobReader(file))
  try {
    const entries = await reader.getEntries()
    return entries.some(({ filename }) => filename === HEAD)
  } catch {
    // Whoever unpacks it says what is wrong with it.
    return false
  } finally {
    await reader.close()
  }
}

/**
 * Opens a project file as a project of its own; one that is here already stays as it is.
 * @throws AppError `bad_file` naming the file and what is wrong with it
 */
export async function importProject(
  db: Studio,
  file: File,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ProjectRecord> {
  const reader = new ZipReader(new BlobReader(file))
  try {
    const entries = (await reader.getEntries()).filter((entry): entry is FileEntry => !entry.directory)
    const { head, project } = await readHead(entries)
    const rename = renaming(head, crypto.randomUUID())
    const id = rename(head.projectId)
    return await withProjectLock(id, async () => {
      try {
        await storeRecords(db, entries, rename, pacedProgress(onProgress, 'import'), signal)
        const stored = { ...project, id, name: await distinctName(db, project.name), savedAt: Date.now() }
        await strictWrite(db, ['projects'], (transaction) => transaction.store.put(stored))
        return stored
      } catch (error) {
        await deleteProject(db, id)
        throw error
      }
    })
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof AppError) throw cause
    throw damaged(file, cause)
  } finally {
    await reader.close()
  }
}

async function readHead(entries: readonly FileEntry[]): Promise<{ head: Head; project: ProjectRecord }> {
  const entry = entries.find(({ filename }) => filename === HEAD)
  if (!entry) throw new SyntaxError('No head.')
  const content = await recordFromBlob(await entry.getData(new BlobWriter()), (text) => text)
  const { head, project } = content as unknown as { head: Head; project: ProjectRecord }
  if (head.format !== FORMAT || !Array.isArray(head.runIds)) throw new SyntaxError('No head.')
  if (head.version > VERSION) {
    throw new AppError(
      'bad_file',
      'This project file is from a newer version of the studio.',
      'Open it there, or reload this page.',
    )
  }
  if (entries.length < head.records) throw new RangeError('Records are missing.')
  return { head, project }
}

/** New ids for the project, its images (which begin with its id) and its runs; every other text stays. */
function renaming({ projectId, runIds }: Head, newId: string): (text: string) => string {
  const runs = new Map(runIds.map((runId) => [runId, crypto.randomUUID() as string]))
  return (text) => {
    if (text === projectId) return newId
    if (text.startsWith(`${projectId}/`)) return newId + text.slice(projectId.length)
    return runs.get(text) ?? text
  }
}

/** Records that are committed together. */
const BATCH = 16

async function storeRecords(
  db: Studio,
  entries: readonly FileEntry[],
  rename: (text: string) => string,
  report: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const records = entries.filter(({ filename }) => filename !== HEAD)
  for (let first = 0; first < records.length; first += BATCH) {
    signal.throwIfAborted()
    const batch = await Promise.all(
      records.slice(first, first + BATCH).map(async (entry) => {
        const store = STORES.find((name) => entry.filename.startsWith(`${name}/`))
        if (!store) throw new SyntaxError(`There is no store for ${entry.filename}.`)
        return { store, record: await recordFromBlob(await entry.getData(new BlobWriter()), rename) }
      }),
    )
    await strictWrite(db, [...STORES], async (transaction) => {
      await Promise.all(batch.map(({ store, record }) => transaction.objectStore(store).put(record as never)))
    })
    report({ phase: 'import', done: Math.min(first + BATCH, records.length), total: records.length })
  }
}

function damaged(file: File, cause: unknown): AppError {
  return new AppError(
    'bad_file',
    `"${file.name}" is not a project file of this studio, or it is damaged.`,
    'Choose a file that "Save the project" has written, or copy it again.',
    { cause },
  )
}
