import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HeldError, isHeld, type LockOwner, takeLock } from './folder-lock'

const LOCK = join(import.meta.dirname, 'folder-lock.ts')
const DEAD = 999_999_999

let path: string
let file: string
let children: ChildProcess[]

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'folder-lock-'))
  file = join(path, 'lock.json')
  children = []
})

afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(path, { recursive: true })
})

/** A process of its own that runs `body`, with the module's names at hand. */
function another(body: string): { child: ChildProcess; said: Promise<string> } {
  const program = `import { takeLock, HeldError } from ${JSON.stringify(LOCK)}
import { existsSync } from 'node:fs'
${body}`
  const script = join(path, `other-${children.length}.mts`)
  writeFileSync(script, program)
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const said = once(child.stdout, 'data').then(([data]) => String(data))
  return { child, said }
}

function left(owner: Partial<LockOwner>): LockOwner {
  const whole = { host: hostname(), pid: DEAD, startedAt: 0, token: 'of-old', ...owner }
  writeFileSync(file, JSON.stringify(whole))
  return whole
}

function silentFor(seconds: number): void {
  const then = new Date(Date.now() - 1000 * seconds)
  utimesSync(file, then, then)
}

test('says who holds it, and is free again after a release, and after a kill', async () => {
  const other = another(`takeLock(${JSON.stringify(file)}); console.log('held'); setInterval(() => {}, 1000)`)
  await other.said
  expect(isHeld(file)).toBe(true)
  expect(() => takeLock(file)).toThrow(`process ${other.child.pid} on ${hostname()} since 20`)
  expect(() => takeLock(file)).toThrow(HeldError)
  other.child.kill('SIGKILL')
  await once(other.child, 'exit')
  expect(isHeld(file)).toBe(false)
  const lock = takeLock(file)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ host: hostname(), pid: process.pid })
  lock.check()
  lock.release()
  expect(readdirSync(path)).toEqual(['other-0.mts'])
})

test('another machine holds it as long as its heart beats', () => {
  left({ host: 'elsewhere', pid: DEAD })
  expect(() => takeLock(file)).toThrow(`process ${DEAD} on elsewhere`)
  silentFor(50)
  expect(() => takeLock(file)).toThrow(HeldError)
  silentFor(61)
  takeLock(file).release()
  expect(existsSync(file)).toBe(false)
})

test('a heartbeat from before the clock was set back counts for nothing on another machine', () => {
  left({ host: 'elsewhere' })
  silentFor(-50)
  expect(isHeld(file)).toBe(true)
  silentFor(-3600)
  expect(isHeld(file)).toBe(false)
  takeLock(file).release()
  left({ pid: process.ppid })
  silentFor(-3600)
  expect(isHeld(file)).toBe(true)
})

test('a process of that number that is silent is another one', () => {
  left({ pid: process.ppid })
  expect(() => takeLock(file)).toThrow(HeldError)
  silentFor(61)
  takeLock(file).release()
})

test('a file that is no lock is held for a minute', () => {
  writeFileSync(file, '')
  expect(() => takeLock(file)).toThrow('a process that has only just begun')
  silentFor(61)
  takeLock(file).release()
})

test('whoever lost it is told, and leaves it to the new owner', () => {
  const lock = takeLock(file)
  left({ host: 'elsewhere', pid: 7 })
  expect(() => lock.check()).toThrow('process 7 on elsewhere')
  lock.release()
  expect(existsSync(file)).toBe(true)
  // The new owner came to its end.
  rmSync(file)
  expect(() => lock.check()).toThrow(`${file} was taken over by another process, which has ended.`)
})

test('of many processes that find a dead one one takes over, though another died in doing so', async () => {
  const count = 60
  const files = Array.from({ length: count }, (_, i) => join(path, `lock-${i}.json`))
  for (const [i, each] of files.entries()) {
    const owner: LockOwner = { host: hostname(), pid: DEAD, startedAt: 0, token: 't' }
    writeFileSync(each, JSON.stringify(owner))
    // The right to take it over was left behind as well.
    if (i % 3 === 0) writeFileSync(`${each}.t`, JSON.stringify({ ...owner, token: 'u' }))
  }
  const go = join(path, 'go')
  const others = Array.from({ length: 4 }, () =>
    another(`
const files = ${JSON.stringify(files)}
while (!existsSync(${JSON.stringify(go)})) {}
const taken = files.filter((file) => {
  try { takeLock(file); return true } catch (error) { if (error instanceof HeldError) return false; throw error }
})
console.log(JSON.stringify(taken))
setInterval(() => {}, 1000)`),
  )
  setTimeout(() => writeFileSync(go, ''), 1500)
  const taken = await Promise.all(others.map(async ({ said }) => JSON.parse(await said) as string[]))
  expect(taken.flat().sort()).toEqual([...files].sort())
}, 60_000)
