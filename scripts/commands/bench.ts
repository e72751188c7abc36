/** `npm run bench`: our engine against stock tfjs and, where asked for, against other libraries, in one run on one adapter. */
import { writeFileSync } from 'node:fs'
import type { EngineName } from '../../src/domain/engine'
import { openBrowserHost } from '../bench/browser-host'
import { type ComparisonResult, compare } from '../bench/compare'
import { applicable, COMPARISONS, type Comparison } from '../bench/comparisons'
import type { ContestantName } from '../bench/contract'
import type { Host } from '../bench/host'
import { openNodeHost } from '../bench/node-host'
import { type BenchOptions, parseBench } from '../bench/options'
import { benchFile, markdownTable, textTable } from '../bench/results'
import { openTorchPeer } from '../bench/torch-peer'
import { UsageError } from '../headless/options'

function chosen({ only }: BenchOptions): Comparison[] {
  const found = COMPARISONS.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)))
  if (found.length > 0) return found
  const names = COMPARISONS.map(({ name }) => name).join(', ')
  throw new UsageError(`--only ${only.join(',')} names no comparison; there are ${names}.`)
}

/** The engines' host, with the peers that were asked for beside it. */
async function openHost({ place, peers }: BenchOptions): Promise<Host> {
  const host =
    'dawn' in place ? await openNodeHost(place.dawn) : await openBrowserHost(place.browser, peers.includes('ort'))
  if (!peers.includes('torch')) return host
  try {
    const torch = openTorchPeer()
    return {
      ...host,
      call: (name, method, argument) =>
        name === 'torch'
          ? ((torch[method] as (value: typeof argument) => unknown)(argument) as never)
          : host.call(name, method, argument),
      close: async () => {
        torch.close()
        await host.close()
      },
    }
  } catch (error) {
    await host.close()
    throw error
  }
}

/** One comparison that cannot be made does not cost the others. */
function sayFailure(error: unknown): null {
  process.exitCode = 1
  console.error(error)
  return null
}

/** Files what has been measured so far: a whole run takes an hour, and may be stopped. */
function filing({ json, markdown }: BenchOptions): (adapter: string, result: ComparisonResult) => void {
  const results: ComparisonResult[] = []
  let first: string | null = null
  return (adapter, result) => {
    first ??= adapter
    results.push(result)
    if (json) writeFileSync(json, `${JSON.stringify(benchFile(first, results), null, 2)}\n`)
    if (markdown) writeFileSync(markdown, results.map(markdownTable).join('\n'))
  }
}

/** Each engine gets a host of its own: nothing of the other one takes part in its times. */
async function measure(
  options: BenchOptions,
  engine: EngineName,
  comparisons: Comparison[],
  file: ReturnType<typeof filing>,
): Promise<void> {
  const host = await openHost(options)
  try {
    const names = new Set<ContestantName>(comparisons.flatMap(({ variants }) => variants.map((v) => v.contestant)))
    const booted = new Map<ContestantName, string>()
    for (const name of names) booted.set(name, await host.call(name, 'boot', engine))
    console.log(`${host.description}; ${[...booted].map(([name, what]) => `${name}: ${what}`).join('; ')}`)
    for (const comparison of comparisons) {
      const pace = { engine, repeat: options.repeat, note: console.error }
      const result = await compare(host, comparison, pace).catch(sayFailure)
      if (!result) continue
      console.log(textTable(result))
      file(booted.get('ours') ?? '', result)
    }
  } finally {
    await host.close()
  }
}

async function main(): Promise<void> {
  const options = parseBench(process.argv.slice(2))
  const comparisons = chosen(options)
  const present = new Set<ContestantName>(['ours', 'stock', ...options.peers])
  const file = filing(options)
  for (const engine of options.engines) {
    const here = comparisons.flatMap((comparison) => applicable(comparison, engine, present) ?? [])
    if (here.length > 0) await measure(options, engine, here, file)
  }
}

try {
  await main()
} catch (error) {
  sayFailure(error instanceof UsageError ? error.message : error)
}
