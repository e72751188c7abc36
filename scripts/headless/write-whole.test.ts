import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UsageError } from './options'
import { FullDiskError, makeFolder, writeWhole } from './write-whole'

let path: string

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'write-whole-'))
})

afterEach(() => rmSync(path, { recursive: true }))

test('replaces a file and leaves nothing beside it', () => {
  const file = join(path, 'run.json')
  writeWhole(file, 'one')
  writeWhole(file, Uint8Array.of(50))
  expect(readFileSync(file, 'utf8')).toBe('2')
  expect(readdirSync(path)).toEqual(['run.json'])
})

test('a full disk is said with its folder, and what was there before stays', () => {
  const file = join(path, 'run.json')
  writeWhole(file, 'before')
  // The system's own full device, in the place of the file that is being written.
  const prepared = join(path, 'prepared')
  symlinkSync('/dev/full', prepared)
  expect(() => writeWhole(file, 'after', prepared)).toThrow(FullDiskError)
  symlinkSync('/dev/full', prepared)
  expect(() => writeWhole(file, 'after', prepared)).toThrow(`The disk of ${path} is full.`)
  expect(readFileSync(file, 'utf8')).toBe('before')
  expect(readdirSync(path)).toEqual(['run.json'])
})

test('processes that write the same file at a time do not disturb each other', async () => {
  const file = join(path, 'study.json')
  const program = (self: string, other: string) => `
    const { existsSync, writeFileSync } = await import('node:fs')
    const { writeWhole } = await import(${JSON.stringify(join(import.meta.dirname, 'write-whole.ts'))})
    writeFileSync(${JSON.stringify(self)}, '')
    while (!existsSync(${JSON.stringify(other)})) await new Promise((resolve) => setTimeout(resolve, 1))
    for (let i = 0; i < 300; i++) writeWhole(${JSON.stringify(file)}, 'x'.repeat(40_000))`
  const [one, two] = [join(path, 'one'), join(path, 'two')]
  const run = (text: string) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', text])
  await Promise.all([run(program(one, two)), run(program(two, one))])
  expect(readFileSync(file, 'utf8')).toHaveLength(40_000)
  expect(readdirSync(path).sort()).toEqual(['one', 'study.json', 'two'])
}, 60_000)

test('a place that refuses to be written to is said with a remedy', () => {
  writeWhole(join(path, 'file'), '')
  const folder = join(path, 'file', 'folder')
  const sentence = 'cannot be written: a file stands in the place of a folder. Give another --out'
  expect(() => makeFolder(folder)).toThrow(`${folder} ${sentence}`)
  expect(() => makeFolder(folder)).toThrow(UsageError)
  expect(() => makeFolder(join(path, 'file'))).toThrow('a file stands in its place')
  expect(() => writeWhole(path, '')).toThrow(UsageError)
})

test('another failure stays what it is', () => {
  expect(() => writeWhole(join(path, 'no', 'run.json'), '')).toThrow('ENOENT')
})
