/** The folder a headless run works in: its results, the browser profile with its data, and where it has come to. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from './options'

/** Which project and run of the profile belong to this folder. `options` are those that made them. */
export interface OutState {
  options: Record<string, unknown>
  projectId: string | null
  runId: string | null
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** One process per folder: the profile's data has one writer. A lock left by a process that died is taken over. */
function takeLock(path: string): () => void {
  const lock = join(path, '.lock')
  if (existsSync(lock)) {
    const owner = Number(readFileSync(lock, 'utf8'))
    if (Number.isInteger(owner) && owner !== process.pid && isAlive(owner)) {
      throw new UsageError(`${path} is in use by process ${owner}. Wait for it, stop it, or give another --out.`)
    }
  }
  writeFileSync(lock, String(process.pid))
  return () => rmSync(lock, { force: true })
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

/** Opens or creates the folder. Refuses when it holds a run with other options: continuing would mix the two. */
export function openOutFolder(out: string, options: Record<string, unknown>): OutFolder {
  const path = resolve(out)
  mkdirSync(path, { recursive: true })
  const before = readState(join(path, 'state.json'))
  const changed = before && changedOption(before.options, options)
  if (changed) {
    throw new UsageError(
      `${path} holds a run with other options (${changed}). Give the same options to continue it, or another --out.`,
    )
  }
  const release = takeLock(path)
  const write = (name: string, content: string) => {
    const file = join(path, name)
    writeFileSync(`${file}.new`, content)
    renameSync(`${file}.new`, file)
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
    release,
  }
  return folder
}
