/** Runs checks stage by stage and sums them up. Each runs even when another failed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../browser/ensure-build'
import { addCounts, type Counts, commandCounts, type VitestReport, vitestCounts } from './test-counts'

export interface Check {
  name: string
  /** A line for the shell, in the root of this package. */
  command: string
  /** Whether the command is vitest, which counts its tests itself; any other counts as one. */
  isSuite?: boolean
}

/** Checks that run side by side. */
export type Stage = readonly Check[]

export interface Result {
  name: string
  counts: Counts
  seconds: number
}

/** Runs a command. Its output is shown as it comes, or kept to be shown at the end. */
function runCommand(command: string, cache: string, isShown: boolean): Promise<{ exitCode: number; output: string }> {
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

async function runCheck({ name, command, isSuite }: Check, reports: string, isShown: boolean): Promise<Result> {
  if (isShown) console.log(`\n== ${name} ==`)
  const startedAt = Date.now()
  const slug = name.replaceAll(/\W+/g, '-')
  const path = join(reports, `${slug}.json`)
  const options = isSuite ? ` --reporter=default --reporter=json --outputFile.json="${path}"` : ''
  const { exitCode, output } = await runCommand(command + options, slug, isShown)
  if (!isShown) console.log(`\n== ${name} ==\n${output}`)
  const counts = isSuite ? vitestCounts(readReport(path), exitCode) : commandCounts(exitCode)
  return { name, counts, seconds: (Date.now() - startedAt) / 1000 }
}

/** Runs the stages one after another. A check that runs alone shows its output as it comes. */
export async function runChecks(stages: readonly Stage[]): Promise<Result[]> {
  const reports = mkdtempSync(join(tmpdir(), 'cpral-studio-test-'))
  const results: Result[] = []
  for (const stage of stages) {
    results.push(...(await Promise.all(stage.map((check) => runCheck(check, reports, stage.length === 1)))))
  }
  rmSync(reports, { recursive: true, force: true })
  return results
}

/** A line for each check; the last line is the sum of all, "N passed, N failed". */
export function summary(results: readonly Result[]): { lines: string[]; exitCode: number } {
  const width = Math.max(...results.map(({ name }) => name.length))
  const lines = results.map(
    ({ name, counts, seconds }) =>
      `${name.padEnd(width)}  ${counts.passed} passed, ${counts.failed} failed  (${seconds.toFixed(0)} s)`,
  )
  const total = addCounts(results.map(({ counts }) => counts))
  return {
    lines: [...lines, `${total.passed} passed, ${total.failed} failed`],
    exitCode: total.failed > 0 || total.passed === 0 ? 1 : 0,
  }
}
