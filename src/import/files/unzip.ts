/** Opens archives as folders. A hostile one (paths that climb out, bombs, passwords) is refused with a sentence. */
import {
  BlobReader,
  BlobWriter,
  configure,
  ERR_UNSAFE_FILENAME,
  type FileEntry,
  ZipReader,
} from '@zip.js/zip.js/lib/zip-core.js'
import type { SourceFile } from '../../domain/dataset'
import { AppError } from '../../domain/errors'
import type { OnProgress } from '../../domain/progress'
import { pacedProgress } from '../../domain/progress'
import { isTelling } from '../layouts/name-words'
import { isSystemFile } from './kinds'

// This is a worker already.
configure({ useWebWorkers: false })

/** No set of photos that a browser could keep is larger. */
const MOST_BYTES = 32 * 2 ** 30
/** Photos are packed already: a file that unpacks to a thousand times its size is made to fill a disk. */
const MOST_EXPANSION = 1000
/** Archives that unpack to more have a closer limit, for DEFLATE reaches hardly more than the one above. */
const MODEST_BYTES = 2 ** 30
const MOST_TOTAL_EXPANSION = 100

/**
 * The files of a zip, each with its path in it.
 * @param keepsTop keeps a folder that all paths begin with; it is left out otherwise, unless its name says something of
 * its files
 * @throws AppError `bad_file` naming the archive and what is wrong with it
 */
export async function unzip(
  archive: File,
  onProgress: OnProgress,
  signal: AbortSignal,
  keepsTop = false,
): Promise<SourceFile[]> {
  const report = pacedProgress(onProgress, 'scan')
  const reader = new ZipReader(new BlobReader(archive), { normalizeFilename: withSlashes, checkCrc32: true })
  try {
    const entries = (await filesOf(reader, archive)).filter(({ filename }) => !isSystemFile(filename))
    const files: SourceFile[] = []
    for (const [i, entry] of entries.entries()) {
      signal.throwIfAborted()
      report({ phase: 'scan', done: i, total: entries.length, image: entry.filename })
      const blob = await entry.getData(new BlobWriter(), { signal })
      const name = entry.filename.slice(entry.filename.lastIndexOf('/') + 1)
      files.push({ path: entry.filename, file: new File([blob], name) })
    }
    return keepsTop ? files : withoutCommonFolder(files)
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof AppError) throw cause
    if (isUnsafe(cause)) {
      throw refuse(
        archive,
        `holds a file with the unsafe path "${cause.filename}"`,
        'Unpack it with a tool you trust.',
        cause,
      )
    }
    throw refuse(archive, 'could not be unpacked: it is cut off, damaged, or no zip', 'Pack it again.', cause)
  } finally {
    await reader.close()
  }
}

/**
 * The archive's files, if none is made to do harm.
 * @throws AppError `bad_file`
 */
export async function filesOf(reader: ZipReader<Blob>, archive: File): Promise<FileEntry[]> {
  const entries = (await reader.getEntries()).filter((entry): entry is FileEntry => !entry.directory)
  let bytes = 0
  for (const { filename, encrypted, uncompressedSize, compressedSize } of entries) {
    if (encrypted) throw refuse(archive, 'is protected by a password', 'Unpack it yourself, then drop the folder.')
    if (uncompressedSize > MOST_EXPANSION * Math.max(1024, compressedSize)) {
      throw refuse(
        archive,
        `holds "${filename}", which unpacks to more than ${MOST_EXPANSION} times its size`,
        'Leave that file out.',
      )
    }
    bytes += uncompressedSize
  }
  const size = `${Math.round(bytes / 2 ** 30)} GB`
  if (bytes > MOST_BYTES) {
    throw refuse(archive, `unpacks to ${size}, more than a browser can keep`, 'Split it into parts.')
  }
  if (bytes > MODEST_BYTES && bytes > MOST_TOTAL_EXPANSION * archive.size) {
    throw refuse(
      archive,
      `unpacks to ${size}, more than ${MOST_TOTAL_EXPANSION} times its size`,
      'Unpack it yourself, then drop the folder.',
    )
  }
  return entries
}

/** Some tools of Windows write their own separator: a path that climbs out must not hide behind it. */
function withSlashes(filename: string): string {
  return filename.replaceAll('\\', '/')
}

/** Whether this is the reader's error for a path that leads out of the archive. */
function isUnsafe(error: unknown): error is Error & { filename: string } {
  return error instanceof Error && error.message === ERR_UNSAFE_FILENAME
}

/**
 * Leaves out the folder whose name an archive repeats before every path, unless it names a role, a split or a layout.
 */
function withoutCommonFolder(files: SourceFile[]): SourceFile[] {
  const first = files[0]?.path.split('/')[0] ?? ''
  const isCommon = files.every(({ path }) => path.startsWith(`${first}/`))
  if (!isCommon || isTelling(first)) return files
  return files.map(({ path, file }) => ({ path: path.slice(first.length + 1), file }))
}

function refuse(archive: File, what: string, remedy: string, cause?: unknown): AppError {
  return new AppError('bad_file', `"${archive.name}" ${what}.`, remedy, cause === undefined ? {} : { cause })
}
