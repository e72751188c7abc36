/**
 * A project as one file: a zip with every record that belongs to it, images, labels with their history, runs, checkpoints and
 * weights. Opened on another machine, or beside itself, it is the same project in the same state.
 */
import { BlobReader, BlobWriter, configure, type FileEntry, ZipReader } from '@zip.js/zip.js'
import type { StoreName } from '../storage/database'
import { recordFromBlob } from '../storage/record-bytes'
import { RUN_STORES } from '../storage/runs'
import type { ProjectRecord } from '../storage/schema'

// This is a worker already.
configure({ useWebWorkers: false })

export const FORMAT = 'cpral-studio project'
export const VERSION = 1
/** The entry that says what the file is; every other one is a record, named by its store and a number. */
export const HEAD = 'project.json'

/** What is known of a project file before its records are read. */
export interface Head {
  format: typeof FORMAT
  version: number
  projectId: string
  runIds: string[]
  records: number
}

/** Stores whose records belong to an image, to a run, or are shared. */
export const IMAGE_STORES = ['images', 'groundTruth', 'thumbnails', 'journals', 'bases', 'strokes'] as const
export const STORES: readonly StoreName[] = [...IMAGE_STORES, ...RUN_STORES, 'weights']

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

/** What the head says, and the project as it was saved. @throws SyntaxError when the archive is something else */
export async function readHead(entries: readonly FileEntry[]): Promise<{ head: Head; project: ProjectRecord }> {
  const entry = entries.find(({ filename }) => filename === HEAD)
  if (!entry) throw new SyntaxError('No head.')
  const content = await recordFromBlob(await entry.getData(new BlobWriter()), (text) => text)
  const { head, project } = content as unknown as { head: Head; project: ProjectRecord }
  if (head.format !== FORMAT || !Array.isArray(head.runIds)) throw new SyntaxError('No head.')
  return { head, project }
}
