/** The folder a headless run works in: its results, the browser profile with its data, and where it has come to. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type FolderLock, HeldError, takeLock } from './folder-lock'
import { UsageError } from './options'
import { makeFolder, writeWhole } from './write-whole'

/** Which project and run of the profile belong to this folder. `options` are those that made them. */
export interface OutState {
  options: Record<string, unknown>
  projectId: string | null
  runId: string | null
  /** A run that is made for its first round, which others begin with as well. */
  firstRunId?: string
}

export interface OutFolder {
  path: string
  profile: string
  state: OutState
  save(state: Partial<OutState>): void
  /** Replaces a file at once, so that a reader never meets half of it. */
  write(name: string, content: string): void
  release(): void
}

function readState(file: string): OutState | null {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as OutState
  } catch (cause) {
    throw new UsageError(
      `${file} cannot be read (${(cause as Error).message}). Delete the folder, or give another --out.`,
    )
  }
}

/** The first option whose value is not the one the folder was started with, as "name: old -> new". */
function changedOption(before: Record<string, unknown>, now: Record<string, unknown>): string | null {
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [was, is] = [JSON.stringify(before[name]), JSON.stringify(now[name])]
    if (was !== is) return `${name}: ${was ?? 'not given'} -> ${is ?? 'not given'}`
  }
  return null
}

/** One process per folder: the profile's data has one writer. */
function lockFolder(path: string): FolderLock {
  try {
    return takeLock(join(path, 'lock.json'))
  } catch (error) {
    if (!(error instanceof HeldError)) throw error
    throw new UsageError(`${error.message} Or give another --out.`)
  }
}

/**
 * Opens or creates the folder. Refuses when it holds a run with other options: continuing would mix the two. Throws
 * UsageError, FullDiskError.
 */
export function openOutFolder(out: string, options: Record<string, unknown>): OutFolder {
  const path = resolve(out)
  makeFolder(path)
  const lock = lockFolder(path)
  try {
    return workIn(path, lock, options)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** The folder under a lock that the caller has taken. Throws UsageError. */
export function workIn(path: string, lock: FolderLock, options: Record<string, unknown>): OutFolder {
  const before = readState(join(path, 'state.json'))
  const changed = before && changedOption(before.options, options)
  if (changed) {
    throw new UsageError(
      `${path} holds a run with other options (${changed}). Give the same options to continue it, or another --out.`,
    )
  }
  const write = (name: string, content: string) => {
    lock.check()
    writeWhole(join(path, name), content)
  }
  const folder: OutFolder = {
    path,
    profile: join(path, '.profile'),
    state: before ?? { options, projectId: null, runId: null },
    save(state) {
      folder.state = { ...folder.state, ...state }
      write('state.json', `${JSON.stringify(folder.state, null, 2)}\n`)
    },
    write,
    release: lock.release,
  }
  return folder
}
