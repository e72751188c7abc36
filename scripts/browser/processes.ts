/** Other processes of this machine. */
import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const END_TIMEOUT_MS = 10_000

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The command line of a process; empty when it is gone or does not tell. */
function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

/** The browser that a profile's own lock names, when it runs on this machine; null otherwise. */
export function browserOf(profile: string): number | null {
  let owner: string
  try {
    owner = readlinkSync(join(profile, 'SingletonLock'))
  } catch {
    return null
  }
  const dash = owner.lastIndexOf('-')
  const pid = Number(owner.slice(dash + 1))
  if (owner.slice(0, dash) !== hostname() || !Number.isInteger(pid) || pid <= 0) return null
  // The number may have gone to another process since.
  return isAlive(pid) && commandOf(pid).includes(profile) ? pid : null
}

/** Ends the browser that outlived the command which had opened it on this profile, and removes its lock. */
export async function endLeftoverBrowser(profile: string): Promise<void> {
  const pid = browserOf(profile)
  if (pid !== null) {
    process.kill(pid, 'SIGKILL')
    for (const end = Date.now() + END_TIMEOUT_MS; isAlive(pid) && Date.now() < end; ) await delay(20)
  }
  for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket'])
    rmSync(join(profile, name), { force: true })
}
