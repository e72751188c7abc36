/** `npm test`: every check in order. A later one runs even when an earlier one failed; the last line sums them up. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './ensure-build'
import { ensureBrowser } from './find-browser'
import { addCounts, type Counts, commandCounts, type VitestReport, vitestCounts } from './test-counts'

const reports = mkdtempSync(join(tmpdir(), 'cpral-studio-test-'))

/** Runs an npm script of this package, its output shown as it comes. */
function runScript(script: string, ...options: string[]): number {
  const command = options.length ? `npm run --silent ${script} -- ${options.join(' ')}` : `npm run --silent ${script}`
  const ran = spawnSync(command, { cwd: ROOT, stdio: 'inherit', shell: true, env: { ...process.env, CI: '1' } })
  return ran.status ?? 1
}

function readReport(path: string): VitestReport | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as VitestReport
  } catch {
    return null
  }
}

function check(script: string): () => Counts {
  return () => commandCounts(runScript(script))
}

function suite(script: string): () => Counts {
  return () => {
    const path = join(reports, `${script.replace(':', '-')}.json`)
    const exitCode = runScript(script, '--reporter=default', '--reporter=json', `--outputFile.json="${path}"`)
    return vitestCounts(readReport(path), exitCode)
  }
}

const checks: [name: string, run: () => Counts][] = [
  ['types', check('check')],
  ['lint', check('lint')],
  ['dead code', check('dead')],
  ['tests in Node', suite('test:node')],
  ['tests in the browser', suite('test:browser')],
  ['end to end', suite('test:e2e')],
]

try {
  ensureBrowser()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
}

const results = checks.map(([name, run]) => {
  console.log(`\n== ${name} ==`)
  const startedAt = Date.now()
  const counts = run()
  return { name, counts, seconds: (Date.now() - startedAt) / 1000 }
})
rmSync(reports, { recursive: true, force: true })

console.log('')
for (const { name, counts, seconds } of results) {
  console.log(`${name.padEnd(22)} ${counts.passed} passed, ${counts.failed} failed  (${seconds.toFixed(0)} s)`)
}
const total = addCounts(results.map(({ counts }) => counts))
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 ? 1 : 0
