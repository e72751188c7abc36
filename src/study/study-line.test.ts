import { expect, test } from 'vitest'
import { readManifest, type StudyLine, writeManifest } from './study-line'

test('a manifest has one line a run, and is read as it was written', () => {
  const lines = [
    { index: 0, hash: 'a', label: 'two\nlines' },
    { index: 1, hash: 'b' },
  ] as StudyLine[]
  const text = writeManifest(lines)
  expect(text.split('\n')).toHaveLength(3)
  expect(readManifest(text)).toEqual(lines)
})
