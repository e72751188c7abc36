/**
 * A lock file that says who works in a folder: host, process and since when, and whose time of change is the owner's
 * heartbeat. It works on a disk that several machines share.
 */
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { isAlive } from '../browser/processes'

const HEARTBEAT_MS = 5000
/** A lock without heartbeat for so long is nobody's: its owner's machine died, or lost the disk. */
const SILENCE_MS = 60_000

/** Content of a lock file. `startedAt`: milliseconds since 1970. */
export interface LockOwner {
  host: string
  pid: number
  startedAt: number
  /** Tells one taking of the lock from every other. */
  token: string
}

/** Somebody else works there, or did while the owner of the lock was silent. The sentence says who. */
export class HeldError extends Error {
  constructor(
    readonly file: string,
    /** null: not yet written; 'gone': who took it over has ended. */
    readonly owner: LockOwner | null | 'gone',
  ) {
    super(owner === 'gone' ? goneSentence(file) : heldSentence(file, owner))
  }
}

function goneSentence(file: string): string {
  return `${file} was taken over by another process, which has ended. Give the same command again.`
}

function heldSentence(file: string, owner: LockOwner | null): string {
  const who = owner
    ? `process ${owner.pid} on ${owner.host} since ${new Date(owner.startedAt).toISOString()}`
    : 'a process that has only just begun'
  return `${file} is held by ${who}. Wait for it, or stop it; if its machine is gone, delete the file.`
}

export interface FolderLock {
  /** Throws HeldError when another process has taken the lock over, since this one was silent for too long. */
  check(): void
  release(): void
}

interface Found {
  /** null: the file cannot be read as a lock. */
  owner: LockOwner | null
  isStale: boolean
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

function parseOwner(text: string): LockOwner | null {
  try {
    const owner = JSON.parse(text) as LockOwner
    return typeof owner.pid === 'number' && typeof owner.token === 'string' ? owner : null
  } catch {
    return null
  }
}

/** The lock as it is, or null when there is none. */
export function readLock(file: string, now = Date.now()): Found | null {
  try {
    const owner = parseOwner(readFileSync(file, 'utf8'))
    const isHere = owner?.host === hostname()
    const silence = now - statSync(file).mtimeMs
    // A time to come is from before a clock was set back: here an owner that lives puts it right with its next beat.
    const isSilent = silence > SILENCE_MS || (silence < -SILENCE_MS && !isHere)
    const isDead = owner !== null && isHere && !isAlive(owner.pid)
    return { owner, isStale: isSilent || isDead }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Whether somebody works there now. */
export function isHeld(file: string): boolean {
  return readLock(file)?.isStale === false
}

/** @throws HeldError when somebody works there now */
export function checkFree(file: string): void {
  const found = readLock(file)
  if (found && !found.isStale) throw new HeldError(file, found.owner)
}

/** Makes `file` from `prepared` where there is none, at once and whole. Returns false when there is one. */
function create(prepared: string, file: string): boolean {
  try {
    linkSync(prepared, file)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    // A disk without links; there a reader may meet an empty file, which counts as held.
    if (code !== 'EPERM' && code !== 'ENOSYS' && code !== 'ENOTSUP') throw error
  }
  try {
    writeFileSync(file, readFileSync(prepared), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Replaces a stale lock, unless another process is faster. The right to replace this very lock, known by its token, is
 * itself a lock: who has it looks again before replacing.
 */
function replaceStale(prepared: string, file: string, stale: LockOwner | null): boolean {
  const right = `${file}.${stale?.token ?? 'unreadable'}`
  if (!acquire(right)) return false
  try {
    const found = readLock(file)
    if (found?.owner?.token !== stale?.token || !found?.isStale) return false
    renameSync(prepared, file)
    return true
  } finally {
    rmSync(right, { force: true })
  }
}

/** Returns the token with which the lock was taken, or null when somebody has it. */
function acquire(file: string): string | null {
  const token = crypto.randomUUID()
  const prepared = `${file}.${token}.new`
  const owner: LockOwner = { host: hostname(), pid: process.pid, startedAt: Date.now(), token }
  try {
    writeFileSync(prepared, `${JSON.stringify(owner)}\n`)
    if (create(prepared, file)) return token
    const found = readLock(file)
    // It was released just now.
    if (!found) return create(prepared, file) ? token : null
    return found.isStale && replaceStale(prepared, file, found.owner) ? token : null
  } finally {
    rmSync(prepared, { force: true })
  }
}

/** Takes the lock, also that of a process that died. @throws HeldError when somebody works there */
export function takeLock(file: string): FolderLock {
  const token = acquire(file)
  if (!token) throw new HeldError(file, readLock(file)?.owner ?? null)
  const isOurs = () => readLock(file)?.owner?.token === token
  const heartbeat = setInterval(() => {
    const now = new Date()
    if (isOurs()) utimesSync(file, now, now)
  }, HEARTBEAT_MS)
  heartbeat.unref()
  return {
    check() {
      const found = readLock(file)
      if (found?.owner?.token !== token) throw new HeldError(file, found ? found.owner : 'gone')
    },
    release() {
      clearInterval(heartbeat)
      if (isOurs()) rmSync(file, { force: true })
    },
  }
}
