/** Opens a project file. */
import { BlobReader, BlobWriter, type FileEntry, ZipReader } from '@zip.js/zip.js'
import type { OnProgress } from '../rpc/contract'
import { AppError } from '../rpc/errors'
import { type Studio, strictWrite } from '../storage/database'
import { withProjectLock } from '../storage/project-lock'
import { deleteProject } from '../storage/projects'
import { recordFromBlob } from '../storage/record-bytes'
import type { ProjectRecord } from '../storage/schema'
import { distinctName } from './import-folder'
import { pacedProgress } from './paced-progress'
import { HEAD, type Head, readHead, STORES, VERSION } from './project-file'
import { filesOf } from './unzip'

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
    // What an archive may unpack to refuses nothing that a studio has written: its entries are stored, not deflated.
    const entries = await filesOf(reader, file)
    const content = await readHead(entries)
    if (!content) throw new SyntaxError('No head.')
    const { head } = content
    const project = content.project as ProjectRecord
    checkHead(head, entries)
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

function checkHead({ version, records }: Head, entries: readonly FileEntry[]): void {
  if (version > VERSION) {
    throw new AppError(
      'bad_file',
      'This project file is from a newer version of the studio.',
      'Open it there, or reload this page.',
    )
  }
  // The head used to be written first, with a count of records some of which were gone when their turn came.
  const isCounted = entries.at(-1)?.filename === HEAD
  if (isCounted && entries.length !== records + 1) throw new RangeError('Records are missing.')
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
