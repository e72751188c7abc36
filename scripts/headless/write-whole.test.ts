import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
  symlinkSync('/dev/full', `${file}.new`)
  expect(() => writeWhole(file, 'after')).toThrow(FullDiskError)
  symlinkSync('/dev/full', `${file}.new`)
  expect(() => writeWhole(file, 'after')).toThrow(`The disk of ${path} is full.`)
  expect(readFileSync(file, 'utf8')).toBe('before')
  expect(readdirSync(path)).toEqual(['run.json'])
})

test('another failure stays what it is', () => {
  expect(() => writeWhole(join(path, 'no', 'run.json'), '')).toThrow('ENOENT')
  writeWhole(join(path, 'file'), '')
  expect(() => makeFolder(join(path, 'file', 'folder'))).toThrow('ENOTDIR')
})
