import { expect, test } from 'vitest'
import { UsageError } from '../headless/options'
import { parseStudyOptions } from './options'

test('a study runs one line at a time unless told otherwise', () => {
  expect(parseStudyOptions(['s.json', '--out', 'o'])).toEqual({
    kind: 'run',
    options: {
      file: 's.json',
      out: 'o',
      jobs: 1,
      threads: null,
      engine: null,
      isRetry: false,
      line: null,
      isChild: false,
    },
  })
  const argv = ['s.json', '--out', 'o', '--jobs', '3', '--threads', '2', '--engine', 'wasm', '--retry']
  expect(parseStudyOptions(argv)).toMatchObject({
    options: { jobs: 3, threads: 2, engine: 'wasm', isRetry: true },
  })
})

test('one line by its index or its hash, a look at the lines, a report of several folders', () => {
  expect(parseStudyOptions(['s.json', '--out', 'o', '--index', '0'])).toMatchObject({ options: { line: { index: 0 } } })
  expect(parseStudyOptions(['s.json', '--out', 'o', '--line', 'ab'])).toMatchObject({
    options: { line: { hash: 'ab' } },
  })
  expect(parseStudyOptions(['s.json', '--expand'])).toEqual({ kind: 'expand', file: 's.json', out: null })
  expect(parseStudyOptions(['--report', 'a', 'b'])).toEqual({ kind: 'report', folders: ['a', 'b'] })
})

test.each([
  [['--out', 'o'], "The study's file is missing"],
  [['s.json'], '--out is missing'],
  [['s.json', 't.json', '--out', 'o'], 't.json is more'],
  [['s.json', '--out', 'o', '--jobs', '0'], '--jobs is "0"'],
  [['s.json', '--out', 'o', '--index', 'x'], '--index is "x"'],
  [['s.json', '--out', 'o', '--index', '1', '--line', 'ab'], 'both name a line'],
  [['s.json', '--out', 'o', '--engine', 'cpu'], '--engine is "cpu"'],
  [['s.json', '--out', 'o', '--seed', '1'], "Unknown option '--seed'"],
  [['--report'], '--report wants the folders'],
])('%j: %s', (argv, sentence) => {
  expect(() => parseStudyOptions(argv)).toThrow(sentence)
  expect(() => parseStudyOptions(argv)).toThrow(UsageError)
})
