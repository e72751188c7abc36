/** What is asked of `npm run study`, checked with sentences that name the option and the value. */
import { parseArgs } from 'node:util'
import type { EngineName } from '../../src/domain/engine'
import { ENGINES, number, oneOf, text, UsageError, type Values } from '../headless/options'

export const USAGE = `Usage:
  npm run study -- STUDY.json --out DIR [--jobs N] [--threads N] [--engine webgpu|wasm] [--retry]
  npm run study -- STUDY.json --out DIR --index I
  npm run study -- STUDY.json --expand [--out DIR]
  npm run study -- --report DIR [DIR...]`

export interface StudyOptions {
  /** The study's file. */
  file: string
  out: string
  /** Lines that run side by side. */
  jobs: number
  /** Threads of WASM for each of them; null shares the machine's cores. */
  threads: number | null
  engine: EngineName | null
  /** Runs failed lines again. */
  isRetry: boolean
  /** One line alone: by its position in the manifest, or its hash. Null runs them all. */
  line: { index: number } | { hash: string } | null
  /** The study's own process has started this one, hears of its progress, and has built the app. */
  isChild: boolean
}

/** A study to work on, one to look at before it runs, or folders to merge into one report. */
export type StudyRequest =
  | { kind: 'run'; options: StudyOptions }
  | { kind: 'expand'; file: string; out: string | null }
  | { kind: 'report'; folders: string[] }

const STRINGS = ['out', 'jobs', 'threads', 'engine', 'index', 'line'] as const
const FLAGS = ['retry', 'report', 'expand', 'child'] as const

function parse(argv: readonly string[]): { values: Values; positionals: string[] } {
  const options: Record<string, { type: 'string' | 'boolean' }> = {}
  for (const name of STRINGS) options[name] = { type: 'string' }
  for (const name of FLAGS) options[name] = { type: 'boolean' }
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
    return { values: values as Values, positionals }
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}.\n${USAGE}`)
  }
}

/** @throws UsageError */
export function parseStudyOptions(argv: readonly string[]): StudyRequest {
  const { values, positionals } = parse(argv)
  if (values.report === true) {
    if (positionals.length === 0) throw new UsageError(`--report wants the folders of a study.\n${USAGE}`)
    return { kind: 'report', folders: positionals }
  }
  const [file, ...rest] = positionals
  const out = text(values, 'out')
  if (!file) throw new UsageError(`The study's file is missing.\n${USAGE}`)
  if (rest.length > 0) throw new UsageError(`One study at a time: ${rest.join(' ')} is more.\n${USAGE}`)
  if (values.expand === true) return { kind: 'expand', file, out: out ?? null }
  if (!out) throw new UsageError(`--out is missing: the folder for the study's results.\n${USAGE}`)
  const index = number(values, 'index', 'whole', 0)
  const hash = text(values, 'line')
  if (index !== undefined && hash !== undefined) throw new UsageError('--index and --line both name a line: give one.')
  const line = index !== undefined ? { index } : hash !== undefined ? { hash } : null
  return {
    kind: 'run',
    options: {
      file,
      out,
      jobs: number(values, 'jobs', 'whole', 1) ?? 1,
      threads: number(values, 'threads', 'whole', 1) ?? null,
      engine: oneOf(values, 'engine', ENGINES) ?? null,
      isRetry: values.retry === true,
      line,
      isChild: values.child === true,
    },
  }
}
