/**
 * `npm test`: every check. What needs no browser runs at once, then the tests in the browser in two halves side by side (kernels are
 * compiled by one core), then the journeys alone. Each runs even when another failed, and the last line sums them up.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../browser/ensure-build'
import { ensureBrowser } from '../browser/find-browser'
import { addCounts, type Counts, commandCounts, type VitestReport, vitestCounts } from './test-counts'

const reports = mkdtempSync(join(tmpdir(), 'cpral-studio-test-'))

/** Runs an npm script of this package. Its output is shown as it comes, or kept to be shown at the end. */
function runScript(
  script: string,
  options: readonly string[],
  cache: string,
  isShown: boolean,
): Promise<{ exitCode: number; output: string }> {
  const command = options.length ? `npm run --silent ${script} -- ${options.join(' ')}` : `npm run --silent ${script}`
  const env = { ...process.env, CI: '1', VITE_CACHE: cache }
  const ran = spawn(command, { cwd: ROOT, stdio: isShown ? 'inherit' : 'pipe', shell: true, env })
  let output = ''
  for (const stream of [ran.stdout, ran.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve) => ran.on('close', (exitCode) => resolve({ exitCode: exitCode ?? 1, output })))
}

function readReport(path: string): VitestReport | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as VitestReport
  } catch {
    return null
  }
}

interface Result {
  name: string
  counts: Counts
  seconds: number
}

interface Check {
  name: string
  script: string
  /** Vitest's options, for a suite: it counts its tests itself. */
  suite?: readonly string[]
}

/** Those of one stage run side by side. */
const STAGES: readonly (readonly Check[])[] = [
  [
    { name: 'types', script: 'check' },
    { name: 'lint', script: 'lint' },
    { name: 'dead code', script: 'dead' },
    { name: 'tests in Node', script: 'test:node', suite: [] },
  ],
  [
    { name: 'in the browser, half 1', script: 'test:browser', suite: ['--shard=1/2'] },
    { name: 'in the browser, half 2', script: 'test:browser', suite: ['--shard=2/2'] },
  ],
  [{ name: 'end to end', script: 'test:e2e', suite: [] }],
]

async function run({ name, script, suite }: Check, isShown: boolean): Promise<Result> {
  if (isShown) console.log(`\n== ${name} ==`)
  const startedAt = Date.now()
  const slug = name.replaceAll(/\W+/g, '-')
  const path = join(reports, `${slug}.json`)
  const options = suite ? [...suite, '--reporter=default', '--reporter=json', `--outputFile.json="${path}"`] : []
  const { exitCode, output } = await runScript(script, options, slug, isShown)
  if (!isShown) console.log(`\n== ${name} ==\n${output}`)
  const counts = suite ? vitestCounts(readReport(path), exitCode) : commandCounts(exitCode)
  return { name, counts, seconds: (Date.now() - startedAt) / 1000 }
}

try {
  ensureBrowser()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
}

const results: Result[] = []
for (const stage of STAGES) {
  results.push(...(await Promise.all(stage.map((check) => run(check, stage.length === 1)))))
}
rmSync(reports, { recursive: true, force: true })

console.log('')
for (const { name, counts, seconds } of results) {
  console.log(`${name.padEnd(23)} ${counts.passed} passed, ${counts.failed} failed  (${seconds.toFixed(0)} s)`)
}
const total = addCounts(results.map(({ counts }) => counts))
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 ? 1 : 0
