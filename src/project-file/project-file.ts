/**
 * A project as one file: a zip with every record that belongs to it, images, labels with their history, runs, checkpoints and
 * weights. Opened on another machine, or beside itself, it is the same project in the same state, but for what the disk had lost:
 * that is named in the project.
 */
import { BlobReader, BlobWriter, type FileEntry, ZipReader } from '@zip.js/zip.js'
import { filesOf } from '../import/unzip'
import { recordFromBlob } from '../storage/record-bytes'
import { fields, listOf, number, oneOf, text } from '../storage/shape'

/** A flipped byte in a stored label would be another class: what is read is compared with its checksum. */
export const CHECKED = { checkCrc32: true } as const

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

/** The stores that hold something of an image. */
export const IMAGE_STORES = ['images', 'groundTruth', 'thumbnails', 'journals', 'bases', 'strokes'] as const

/** Classes and ids of runs take some kilobytes. */
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

/** What the head says, and the project as it was saved; null where a file of that name is another tool's, such as CVAT's. */
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
