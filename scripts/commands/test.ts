/**
 * `npm test`: the checks that each change needs. `npm run test:long`: journeys and runs that take minutes. `npm test -- long`: both, as
 * in CI. The last line sums up all that ran.
 */
import { ensureBrowser } from '../browser/find-browser'
import { type Check, runChecks, type Stage, summary } from './run-checks'

const npm = (name: string, script: string): Check => ({ name, command: `npm run --silent ${script}` })
const suite = (name: string, project: string): Check => ({
  name,
  command: `npx vitest run --project ${project}`,
  isSuite: true,
})

/** What needs no browser runs at once, then the two suites in the browser, each of which keeps one core busy, then the journeys alone. */
const RUNS: Record<string, readonly Stage[]> = {
  'each-change': [
    [npm('types', 'check'), npm('lint', 'lint'), npm('dead code', 'dead'), suite('in Node', 'node')],
    [suite('engines in the browser', 'kernels'), suite('the rest in the browser', 'browser')],
    [suite('journeys', 'e2e')],
  ],
  long: [
    [suite('long runs in the browser', 'browser-long')],
    [suite('long journeys', 'e2e-long')],
    [suite('on a cluster', 'cluster')],
  ],
}

const names = process.argv.slice(2)
for (const name of names) {
  if (!(name in RUNS)) throw new Error(`No run is called ${name}. There are: ${Object.keys(RUNS).join(', ')}.`)
}
try {
  ensureBrowser()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
}
const results = await runChecks(names.flatMap((name) => RUNS[name]))
const { lines, exitCode } = summary(results)
console.log(`\n${lines.join('\n')}`)
process.exitCode = exitCode
