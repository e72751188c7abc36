/**
 * Opens a project file. It may come from anybody: a record is stored only if it has the shape of its store and belongs
 * to the project that the file becomes.
 */
import { BlobReader, BlobWriter, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core.js'
import { AppError } from '../domain/errors'
import type { OnProgress } from '../domain/progress'
import { pacedProgress } from '../domain/progress'
import type { ProjectRecord } from '../domain/project'
import type { WeightsRecord } from '../domain/weights'
import { filesOf } from '../import/files/unzip'
import type { Database } from '../storage/database'
import { type StoreName, strictWrite } from '../storage/database'
import { withProjectLock } from '../storage/project-lock'
import { deleteProject, distinctName } from '../storage/projects'
import { recordFromBlob } from '../storage/record-bytes'
import { RUN_STORES } from '../storage/runs'
import { sha256 } from '../storage/sha256'
import type { Check } from '../storage/shape'
import { foreignPart } from './config-shape'
import { imageShapes, isProject } from './image-shapes'
import { ImportedIds } from './imported-ids'
import { CHECKED, HEAD, type Head, IMAGE_STORES, readHead, VERSION } from './project-file'
import { isWeights, runShapes } from './run-shapes'

type KeptStore = Exclude<StoreName, 'projects'>

/** Images and runs come first: every other record belongs to one, and is removed with it. */
const ORDER: readonly KeptStore[] = [...new Set(['images', 'runs', ...IMAGE_STORES, ...RUN_STORES, 'weights'] as const)]

/** Records that are read and committed together; a large one is committed alone. */
const BATCH_RECORDS = 16
const BATCH_BYTES = 64 * 2 ** 20

/**
 * Opens a project file as a new project; one that is here already stays as it is.
 * @throws AppError `bad_file` naming the file and what is wrong with it
 */
export async function importProject(
  db: Database,
  file: File,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ProjectRecord> {
  const reader = new ZipReader(new BlobReader(file), CHECKED)
  try {
    // The limits on unpacking refuse no file of ours: its entries are stored, not deflated.
    const entries = await filesOf(reader, file)
    const { head, project } = (await readHead(entries)) ?? {}
    if (!head || !isProject(project)) throw new SyntaxError('There is no head, or no project in it.')
    checkHead(head, entries)
    const records = recordsIn(entries)
    const ids = new ImportedIds(head)
    return await withProjectLock(ids.projectId, async () => {
      try {
        await storeOwned(db, file, records, ids, pacedProgress(onProgress, 'import'), signal)
        return await storeProject(db, { ...project, id: ids.projectId }, await weightsIn(records))
      } catch (error) {
        await deleteProject(db, ids.projectId)
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

function checkHead({ version, records }: Head, entries: readonly FileEntry[]): void {
  if (version > VERSION) {
    throw new AppError(
      'bad_file',
      'This project file is from a newer version of the studio.',
      'Open it there, or reload this page.',
    )
  }
  // Older files have the head first, with a count of records some of which were gone when their turn came.
  const isCounted = entries.at(-1)?.filename === HEAD
  if (isCounted && entries.length !== records + 1) throw new RangeError('Records are missing.')
}

interface FoundRecord {
  store: KeptStore
  entry: FileEntry
}

function recordsIn(entries: readonly FileEntry[]): FoundRecord[] {
  const records = entries.flatMap((entry) => {
    if (entry.filename === HEAD) return []
    const store = ORDER.find((name) => entry.filename.startsWith(`${name}/`))
    if (!store) throw new SyntaxError(`There is no store for ${entry.filename}.`)
    return { store, entry }
  })
  return records.sort((a, b) => ORDER.indexOf(a.store) - ORDER.indexOf(b.store))
}

/** Stores the records that belong to the project's images and runs. */
async function storeOwned(
  db: Database,
  file: File,
  records: readonly FoundRecord[],
  ids: ImportedIds,
  report: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const shapes: Record<KeptStore, Check> = { ...imageShapes(ids), ...runShapes(ids), weights: isWeights }
  const owned = records.filter(({ store }) => store !== 'weights')
  let done = 0
  for (const batch of batchesOf(owned)) {
    signal.throwIfAborted()
    const contents = await Promise.all(batch.map(({ entry }) => read(entry, ids.rename)))
    for (const [i, { store, entry }] of batch.entries()) {
      const record = contents[i]
      if (!shapes[store](record)) {
        const part = store === 'runs' ? foreignPart(record) : null
        throw part ? foreign(file, part) : new SyntaxError(`${entry.filename} is damaged, or of another project.`)
      }
      if (store === 'images' || store === 'runs') ids.noteStored(record.id as string)
    }
    await strictWrite(db, [...ORDER], (transaction) =>
      Promise.all(batch.map(({ store }, i) => transaction.objectStore(store).put(contents[i] as never))),
    )
    done += batch.length
    report({ phase: 'import', done, total: owned.length })
  }
}

function batchesOf(records: readonly FoundRecord[]): FoundRecord[][] {
  const batches: FoundRecord[][] = []
  let bytes = 0
  for (const record of records) {
    const size = record.entry.uncompressedSize
    const batch = batches.at(-1)
    bytes += size
    if (batch && batch.length < BATCH_RECORDS && bytes <= BATCH_BYTES) batch.push(record)
    else {
      batches.push([record])
      bytes = size
    }
  }
  return batches
}

async function weightsIn(records: readonly FoundRecord[]): Promise<WeightsRecord[]> {
  const found: WeightsRecord[] = []
  for (const { store, entry } of records) {
    if (store !== 'weights') continue
    const record: unknown = await read(entry, (text) => text)
    const isWhole = isWeights(record) && (await sha256(record.bytes)) === record.key
    if (!isWhole) throw new SyntaxError(`${entry.filename} holds other weights than it says.`)
    found.push(record)
  }
  return found
}

/**
 * The last step, in one transaction: until then nothing of the project shows, and a file that fails leaves no weights.
 * Weights are shared by projects, so existing ones stay as they are.
 */
async function storeProject(db: Database, project: ProjectRecord, weights: WeightsRecord[]): Promise<ProjectRecord> {
  const stored = { ...project, name: await distinctName(db, project.name), savedAt: Date.now() }
  await strictWrite(db, ['projects', 'weights'], async (transaction) => {
    const store = transaction.objectStore('weights')
    for (const record of weights) if ((await store.getKey(record.key)) === undefined) await store.put(record)
    await transaction.objectStore('projects').put(stored)
  })
  return stored
}

async function read(entry: FileEntry, rename: (text: string) => string): Promise<Record<string, unknown>> {
  return recordFromBlob(await entry.getData(new BlobWriter()), rename)
}

function foreign(file: File, part: string): AppError {
  return new AppError(
    'bad_file',
    `"${file.name}" holds a run ${part}.`,
    'Open the file in the version that saved it, or reload this page for the newest version and open it again.',
  )
}

function damaged(file: File, cause: unknown): AppError {
  return new AppError(
    'bad_file',
    `"${file.name}" is not a project file of this studio, or it is damaged.`,
    'Choose a file that "Save the project" has written, or copy it again.',
    { cause },
  )
}
