/** Opens archives as folders. A hostile one (paths that climb out, bombs, passwords) is refused with a sentence. */
import {
  BlobReader,
  BlobWriter,
  configure,
  ERR_SPLIT_ZIP_FILE,
  ERR_UNSAFE_FILENAME,
  type FileEntry,
  ZipReader,
} from '@zip.js/zip.js/lib/zip-core.js'
import type { FileProblem, SourceFile, UnzippedFiles } from '../../domain/dataset'
import { AppError, FileFault } from '../../domain/errors'
import { refuseLfsPointer } from '../../domain/lfs-pointer'
import type { OnProgress } from '../../domain/progress'
import { pacedProgress } from '../../domain/progress'
import { isTelling } from '../layouts/name-words'
import { isSystemFile } from './kinds'
import { findNameEncoding } from './zip-names'

// This is a worker already.
configure({ useWebWorkers: false })

/** No set of photos that a browser could keep is larger. */
const MOST_BYTES = 32 * 2 ** 30
/** Photos are packed already: a file that unpacks to a thousand times its size is made to fill a disk. */
const MOST_EXPANSION = 1000
/** Archives that unpack to more have a closer limit, for DEFLATE reaches hardly more than the one above. */
const MODEST_BYTES = 2 ** 30
const MOST_TOTAL_EXPANSION = 100

const DAMAGED = 'could not be unpacked: it is cut off, damaged, or no zip'

/**
 * The files of a zip, each with its path in it; those that cannot be unpacked are the problems.
 * @param keepsTop keeps a folder that all paths begin with; it is left out otherwise, unless its name says something of
 * its files
 * @param encoding a person's answer to the question of an unpacking before
 * @throws AppError `bad_file` naming the archive and what is wrong with it
 */
export async function unzip(
  archive: File,
  onProgress: OnProgress,
  signal: AbortSignal,
  { keepsTop = false, encoding: answer }: { keepsTop?: boolean; encoding?: string } = {},
): Promise<UnzippedFiles> {
  await refusePointer(archive)
  const report = pacedProgress(onProgress, 'scan')
  const reader = new ZipReader(new BlobReader(archive), { normalizeFilename: withSlashes, checkCrc32: true })
  try {
    const { encoding, question } = await findNameEncoding(reader, archive, answer)
    const entries = (await filesOf(reader, archive, encoding)).filter(({ filename }) => !isSystemFile(filename))
    const files: SourceFile[] = []
    const problems: FileProblem[] = []
    for (const [i, entry] of entries.entries()) {
      signal.throwIfAborted()
      report({ phase: 'scan', done: i, total: entries.length, image: entry.filename })
      const blob = await blobOf(entry, archive, problems, signal)
      if (!blob) continue
      const name = entry.filename.slice(entry.filename.lastIndexOf('/') + 1)
      files.push({ path: entry.filename, file: new File([blob], name) })
    }
    // Where no file could be unpacked it is the archive that is at fault.
    const [first] = problems
    if (files.length === 0 && first) throw allWrong(archive, entries, first)
    return { files: keepsTop ? files : withoutCommonFolder(files), problems, question }
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
    if (isSplit(cause)) {
      throw refuse(
        archive,
        'is a part of a split archive',
        'Unpack all its parts together, then drop the folder.',
        cause,
      )
    }
    throw refuse(archive, DAMAGED, 'Pack it again.', cause)
  } finally {
    await reader.close()
  }
}

const STORE = 0
const DEFLATE = 8

/** Names of the methods that an archive may be packed by, by their number in it; STORE and DEFLATE are read. */
const METHODS: Record<number, string> = {
  1: 'Shrink',
  6: 'Implode',
  9: 'Deflate64',
  10: 'PKWARE Implode',
  12: 'BZIP2',
  14: 'LZMA',
  18: 'TERSE',
  20: 'Zstandard',
  93: 'Zstandard',
  94: 'MP3',
  95: 'XZ',
  96: 'JPEG',
  97: 'WavPack',
  98: 'PPMd',
}

function methodOf({ compressionMethod: method }: FileEntry): string | null {
  if (method === STORE || method === DEFLATE) return null
  return METHODS[method] ?? `number ${method}`
}

const WITH_DEFLATE = 'Pack it with Deflate, the usual method, or unpack it yourself and drop the folder.'

/** The file of one entry; null when it cannot be unpacked, which is added to `problems`. */
async function blobOf(
  entry: FileEntry,
  archive: File,
  problems: FileProblem[],
  signal: AbortSignal,
): Promise<Blob | null> {
  const path = entry.filename
  const method = methodOf(entry)
  if (method) {
    const what = `is packed in "${archive.name}" by a method that is not read here (${method})`
    problems.push({ path, problem: `"${path}" ${what}; it was left out.`, remedy: WITH_DEFLATE })
    return null
  }
  try {
    return await entry.getData(new BlobWriter(), { signal })
  } catch {
    signal.throwIfAborted()
    const problem = `"${path}" is damaged in "${archive.name}"; it was left out.`
    problems.push({ path, problem, remedy: 'Pack it again from the original.' })
    return null
  }
}

function allWrong(archive: File, entries: readonly FileEntry[], first: FileProblem): AppError {
  const methods = [...new Set(entries.map(methodOf).filter((method) => method !== null))]
  if (methods.length === 0) return refuse(archive, DAMAGED, 'Pack it again.')
  if (methods.length === 1) {
    return refuse(archive, `is packed by a method that is not read here (${methods[0]})`, WITH_DEFLATE)
  }
  return new AppError('bad_file', first.problem, first.remedy)
}

/**
 * The archive's files, if none is made to do harm.
 * @param encoding of names that do not say theirs; null: UTF-8 where they are that
 * @throws AppError `bad_file`
 */
export async function filesOf(
  reader: ZipReader<Blob>,
  archive: File,
  encoding: string | null = null,
): Promise<FileEntry[]> {
  const all = await reader.getEntries(encoding === null ? {} : { filenameEncoding: encoding })
  const entries = all.filter((entry): entry is FileEntry => !entry.directory)
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

/** @throws AppError `bad_file` when git left its pointer in place of the archive */
async function refusePointer(archive: File): Promise<void> {
  try {
    refuseLfsPointer(new Uint8Array(await archive.slice(0, 64).arrayBuffer()))
  } catch (error) {
    throw error instanceof FileFault ? error.named(`"${archive.name}"`) : error
  }
}

function isSplit(error: unknown): boolean {
  return error instanceof Error && error.message === ERR_SPLIT_ZIP_FILE
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
