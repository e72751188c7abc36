/** The command line of `npm run bench`, checked with sentences that name the option and the value. */
import { parseArgs } from 'node:util'
import type { EngineName } from '../../src/domain/engine'
import { UsageError } from '../headless/options'

export type Peer = 'torch' | 'ort'
/** SwiftShader, or the graphics card. */
export type BrowserAdapter = 'software' | 'hardware'

export interface BenchOptions {
  /** In the browser, or in Node on Dawn with part of the adapter's name (null: the one that Dawn prefers). */
  place: { browser: BrowserAdapter } | { dawn: string | null }
  /** Parts of the names of the comparisons to make; empty for all. */
  only: string[]
  engines: EngineName[]
  peers: Peer[]
  /** Samples of each contestant. */
  repeat: number
  json: string | null
  markdown: string | null
}

const OPTIONS = {
  node: { type: 'boolean' },
  only: { type: 'string' },
  engine: { type: 'string' },
  adapter: { type: 'string' },
  peer: { type: 'string', multiple: true },
  repeat: { type: 'string' },
  json: { type: 'string' },
  markdown: { type: 'string' },
} as const

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((item) => item === value)
  if (found === undefined) throw new UsageError(`--${option} is "${value}"; it must be one of ${allowed.join(', ')}.`)
  return found
}

function values(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: false }).values
  } catch (error) {
    const names = Object.keys(OPTIONS).map((name) => `--${name}`)
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. The options are ${names.join(', ')}.`)
  }
}

/** @throws UsageError */
export function parseBench(argv: readonly string[]): BenchOptions {
  const given = values(argv)
  const isNode = given.node === true
  const repeat = Number(given.repeat ?? 5)
  if (!Number.isSafeInteger(repeat) || repeat < 2) {
    throw new UsageError(
      `--repeat is "${given.repeat}"; it must be a whole number of at least 2: a lone time says little.`,
    )
  }
  const engines: EngineName[] = given.engine
    ? given.engine.split(',').map((name) => oneOf('engine', name, ['webgpu', 'wasm']))
    : isNode
      ? ['webgpu']
      : ['webgpu', 'wasm']
  if (isNode && engines.includes('wasm')) {
    throw new UsageError('--node measures WebGPU alone; the WASM engine is measured in the browser, without --node.')
  }
  if (isNode && given.peer?.some((names) => names.includes('ort'))) {
    throw new UsageError('--peer ort runs in the browser alone; leave --node out.')
  }
  return {
    place: isNode
      ? { dawn: given.adapter ?? null }
      : { browser: oneOf('adapter', given.adapter ?? 'software', ['software', 'hardware']) },
    only: given.only?.split(',').filter((part) => part !== '') ?? [],
    engines,
    peers: (given.peer ?? []).flatMap((names) => names.split(',')).map((name) => oneOf('peer', name, ['torch', 'ort'])),
    repeat,
    json: given.json ?? null,
    markdown: given.markdown ?? null,
  }
}
