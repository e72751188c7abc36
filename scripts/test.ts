/**
 * `npm test`: every check. What needs no browser runs at once, the rest in order; each runs even when another failed, and the last
 * line sums them up.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './ensure-build'
import { ensureBrowser } from './find-browser'
import { addCounts, type Counts, commandCounts, type VitestReport, vitestCounts } from './test-counts'

const reports = mkdtempSync(join(tmpdir(), 'cpral-studio-test-'))

/** Runs an npm script of this package. Its output is shown as it comes, or kept to be shown at the end. */
function runScript(
  script: string,
  isShown: boolean,
  ...options: string[]
): Promise<{ exitCode: number; output: string }> {
  const command = options.length ? `npm run --silent ${script} -- ${options.join(' ')}` : `npm run --silent ${script}`
  const env = { ...process.env, CI: '1' }
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
  /** Vitest, which counts its tests itself. */
  isSuite: boolean
}

const WITHOUT_BROWSER: Check[] = [
  { name: 'types', script: 'check', isSuite: false },
  { name: 'lint', script: 'lint', isSuite: false },
  { name: 'dead code', script: 'dead', isSuite: false },
  { name: 'tests in Node', script: 'test:node', isSuite: true },
]
const WITH_BROWSER: Check[] = [
  { name: 'tests in the browser', script: 'test:browser', isSuite: true },
  { name: 'end to end', script: 'test:e2e', isSuite: true },
]

async function run({ name, script, isSuite }: Check, isShown: boolean): Promise<Result> {
  if (isShown) console.log(`\n== ${name} ==`)
  const startedAt = Date.now()
  const path = join(reports, `${script.replace(':', '-')}.json`)
  const options = isSuite ? ['--reporter=default', '--reporter=json', `--outputFile.json="${path}"`] : []
  const { exitCode, output } = await runScript(script, isShown, ...options)
  if (!isShown) console.log(`\n== ${name} ==\n${output}`)
  const counts = isSuite ? vitestCounts(readReport(path), exitCode) : commandCounts(exitCode)
  return { name, counts, seconds: (Date.now() - startedAt) / 1000 }
}

try {
  ensureBrowser()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
}

const results = await Promise.all(WITHOUT_BROWSER.map((check) => run(check, false)))
for (const check of WITH_BROWSER) results.push(await run(check, true))
rmSync(reports, { recursive: true, force: true })

console.log('')
for (const { name, counts, seconds } of results) {
  console.log(`${name.padEnd(22)} ${counts.passed} passed, ${counts.failed} failed  (${seconds.toFixed(0)} s)`)
}
const total = addCounts(results.map(({ counts }) => counts))
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 ? 1 : 0
