import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openOutFolder } from './out-folder'

let path: string

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'out-folder-'))
})

afterEach(() => rmSync(path, { recursive: true }))

test('remembers its run, and refuses other options with the one that changed', () => {
  const first = openOutFolder(path, { seed: 1, overrides: { selection: { rounds: 5 } } })
  first.save({ projectId: 'p', runId: 'r' })
  first.write('run.json', '{}')
  first.release()

  const again = openOutFolder(path, { seed: 1, overrides: { selection: { rounds: 5 } } })
  expect(again.state).toMatchObject({ projectId: 'p', runId: 'r' })
  again.release()
  expect(readFileSync(join(path, 'run.json'), 'utf8')).toBe('{}')

  expect(() => openOutFolder(path, { seed: 2, overrides: { selection: { rounds: 5 } } })).toThrow('seed: 1 -> 2')
  openOutFolder(path, { seed: 1, overrides: { selection: { rounds: 5 } } }).release()
})

test('has one process at a time, and takes over from one that died', () => {
  const owner = { host: hostname(), pid: process.ppid, startedAt: 0, token: 't' }
  writeFileSync(join(path, 'lock.json'), JSON.stringify(owner))
  expect(() => openOutFolder(path, {})).toThrow(`process ${process.ppid} on ${hostname()}`)
  writeFileSync(join(path, 'lock.json'), JSON.stringify({ ...owner, pid: 999_999_999 }))
  openOutFolder(path, {}).release()
})

test('a broken state file is named', () => {
  writeFileSync(join(path, 'state.json'), '{"options":')
  expect(() => openOutFolder(path, {})).toThrow('state.json')
})
