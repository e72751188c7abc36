/** Files that are there whole or not at all, after a kill, a full disk and a power cut too. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from './options'

/** The disk has no room left; the sentence names the folder. Nothing that was there before is lost. */
export class FullDiskError extends Error {
  constructor(folder: string, options?: ErrorOptions) {
    super(
      `The disk of ${folder} is full. Make room there and give the same command again: it continues, nothing that was done is lost.`,
      options,
    )
  }
}

export function isFullDisk(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** With less room than this a browser fails in ways that do not name the disk. */
const LEAST_BYTES = 8 * 2 ** 20

/** Whether an error comes of a full disk, or there is hardly any room on the disk of `folder`. */
export function comesOfFullDisk(error: unknown, folder: string): boolean {
  if (error instanceof FullDiskError || isFullDisk(error)) return true
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize < LEAST_BYTES
}

/** What stands between a program and a place it has to write to, by the system's codes. */
const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a file stands in the place of a folder',
  EEXIST: 'a file stands in its place',
  EISDIR: 'a folder stands in its place',
}

/** @throws FullDiskError, UsageError where the place refuses to be written to, else the error itself */
function throwFor(error: unknown, path: string): never {
  if (isFullDisk(error)) throw new FullDiskError(path, { cause: error })
  const refusal = REFUSALS[(error as NodeJS.ErrnoException).code ?? '']
  if (!refusal) throw error
  throw new UsageError(`${path} cannot be written: ${refusal}. Give another --out, or put that right.`, {
    cause: error,
  })
}

/**
 * Replaces a file at once, so that a reader never meets half of it. Several processes may write the same file at a time:
 * one of them wins.
 * @param prepared where it is written first; nobody else writes there
 * @throws FullDiskError, or UsageError where the place refuses to be written to
 */
export function writeWhole(
  file: string,
  content: string | Uint8Array,
  prepared = `${file}.${crypto.randomUUID()}.new`,
): void {
  try {
    const opened = openSync(prepared, 'w')
    try {
      writeFileSync(opened, content)
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
    renameSync(prepared, file)
  } catch (error) {
    rmSync(prepared, { force: true })
    throwFor(error, isFullDisk(error) ? dirname(file) : file)
  }
}

/** Makes a folder and those it lies in. @throws FullDiskError, or UsageError where the place refuses to be written to */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throwFor(error, path)
  }
}
