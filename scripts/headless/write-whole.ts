/** Files that are there whole or not at all, after a kill, a full disk and a power cut too. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

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

/** Replaces a file at once, so that a reader never meets half of it. @throws FullDiskError */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const prepared = `${file}.new`
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
    throw isFullDisk(error) ? new FullDiskError(dirname(file), { cause: error }) : error
  }
}

/** Makes a folder and those it lies in. @throws FullDiskError */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw isFullDisk(error) ? new FullDiskError(path, { cause: error }) : error
  }
}
