/** `npm run bench`: our engine against stock tfjs and, where asked for, against other libraries, in one run on one adapter. */
import { writeFileSync } from 'node:fs'
import type { EngineName } from '../src/rpc/contract'
import { openBrowserHost } from './bench/browser-host'
import { type ComparisonResult, compare } from './bench/compare'
import { COMPARISONS, type Comparison } from './bench/comparisons'
import type { ContestantName } from './bench/contract'
import { openNodeHost } from './bench/node-host'
import { type BenchOptions, parseBench } from './bench/options'
import { benchFile, markdownTable, textTable } from './bench/results'
import { UsageError } from './headless/options'

function chosen({ only }: BenchOptions): Comparison[] {
  const found = COMPARISONS.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)))
  if (found.length > 0) return found
  const names = COMPARISONS.map(({ name }) => name).join(', ')
  throw new UsageError(`--only ${only.join(',')} names no comparison; there are ${names}.`)
}

interface Measured {
  adapter: string
  results: ComparisonResult[]
}

/** Each engine gets a host of its own: nothing of the other one takes part in its times. */
async function measure(options: BenchOptions, engine: EngineName, comparisons: Comparison[]): Promise<Measured> {
  const { place } = options
  const host = 'dawn' in place ? await openNodeHost(place.dawn) : await openBrowserHost(place.browser)
  try {
    const names = new Set<ContestantName>(comparisons.flatMap(({ variants }) => variants.map((v) => v.contestant)))
    let adapter = ''
    for (const name of names) {
      const booted = await host.call(name, 'boot', engine)
      if (name === 'ours') adapter = booted
    }
    console.log(`${host.description}; ${engine}: ${adapter}`)
    const results: ComparisonResult[] = []
    for (const comparison of comparisons) {
      const result = await compare(host, comparison, { engine, repeat: options.repeat, note: console.error })
      console.log(textTable(result))
      results.push(result)
    }
    return { adapter, results }
  } finally {
    await host.close()
  }
}

async function main(): Promise<void> {
  const options = parseBench(process.argv.slice(2))
  const comparisons = chosen(options)
  const measured: Measured[] = []
  for (const engine of options.engines) {
    const here = comparisons.filter(({ engines }) => engines.includes(engine))
    if (here.length > 0) measured.push(await measure(options, engine, here))
  }
  const results = measured.flatMap((part) => part.results)
  const file = benchFile(measured[0]?.adapter ?? '', results)
  if (options.json) writeFileSync(options.json, `${JSON.stringify(file, null, 2)}\n`)
  if (options.markdown) writeFileSync(options.markdown, results.map(markdownTable).join('\n'))
}

try {
  await main()
} catch (error) {
  process.exitCode = 1
  console.error(error instanceof UsageError ? error.message : error)
}
