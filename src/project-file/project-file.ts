/**
 * A project as one file: a zip with every record that belongs to it, images, labels with their history, runs,
 * checkpoints and weights. Opened on another machine, or beside itself, it is the same project in the same state.
 * Records that the disk had lost are named in it.
 */
import { BlobReader, BlobWriter, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core.js'
import { filesOf } from '../import/files/unzip'
import { recordFromBlob } from '../storage/record-bytes'
import { fields, listOf, number, oneOf, text } from '../storage/shape'

/** A flipped byte in a stored label would be another class, so every entry is compared with its checksum. */
export const CHECKED = { checkCrc32: true } as const

export const FORMAT = 'cpral-studio project'
export const VERSION = 1
/** The entry that identifies the file; every other entry is a record, named by its store and a number. */
export const HEAD = 'project.json'

/** Facts about a project file that are read before its records. */
export interface Head {
  format: typeof FORMAT
  version: number
  projectId: string
  runIds: string[]
  records: number
}

/** The stores with records of an image. */
export const IMAGE_STORES = ['images', 'groundTruth', 'thumbnails', 'journals', 'bases', 'strokes'] as const

/** A limit: classes and ids of runs take some kilobytes. */
const MOST_HEAD_BYTES = 16 * 2 ** 20

/** Whether a zip is a project file rather than an archive of images. */
export async function isProjectFile(file: File): Promise<boolean> {
  const reader = new ZipReader(new BlobReader(file), CHECKED)
  try {
    return (await readHead(await filesOf(reader, file))) !== null
  } catch {
    // Whoever unpacks it says what is wrong with it.
    return false
  } finally {
    await reader.close()
  }
}

/** The head, and the project as it was saved; null when an entry of that name is another tool's, such as CVAT's. */
export async function readHead(entries: readonly FileEntry[]): Promise<{ head: Head; project: unknown } | null> {
  const entry = entries.find(({ filename }) => filename === HEAD)
  if (!entry || entry.uncompressedSize > MOST_HEAD_BYTES) return null
  const bytes = await entry.getData(new BlobWriter())
  const { head, project } = await recordFromBlob(bytes, (text) => text).catch(() => ({ head: null, project: null }))
  return isHead(head) ? { head, project } : null
}

const isHead = fields<Head>({
  format: oneOf(FORMAT),
  version: number,
  projectId: text,
  runIds: listOf(text),
  records: number,
})
