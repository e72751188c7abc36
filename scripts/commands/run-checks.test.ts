import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Check, runChecks, summary } from './run-checks'

const GOOD: Check = { name: 'good', command: 'exit 0' }
const BAD: Check = { name: 'bad', command: 'exit 3' }

/** A command that writes vitest's report of tests with these outcomes to the file that it is told, and exits like vitest. */
function suite(name: string, ...outcomes: string[]): Check {
  const report = {
    testResults: [{ name, status: 'passed', assertionResults: outcomes.map((status) => ({ status })) }],
  }
  const program = `
    const file = process.argv.find((each) => each.startsWith("--outputFile.json=")).split("=")[1]
    require("fs").writeFileSync(file, process.env.REPORT)
    process.exit(${outcomes.includes('failed') ? 1 : 0})`
  return { name, command: `REPORT='${JSON.stringify(report)}' node -e '${program}' --`, isSuite: true }
}

const run = async (...stages: Check[][]) => summary(await runChecks(stages))

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

test('sums the suites of all stages in the last line', async () => {
  const { lines, exitCode } = await run(
    [GOOD, suite('first', 'passed', 'passed')],
    [suite('second', 'passed', 'passed', 'passed')],
  )
  expect(lines.map((line) => line.replace(/\s+\(\d+ s\)$/, ''))).toEqual([
    'good    1 passed, 0 failed',
    'first   2 passed, 0 failed',
    'second  3 passed, 0 failed',
    '6 passed, 0 failed',
  ])
  expect(exitCode).toBe(0)
})

test('a failing check fails the run, and what comes after it runs all the same', async () => {
  const { lines, exitCode } = await run([BAD, GOOD], [suite('later', 'passed', 'failed')], [GOOD])
  expect(lines.at(-1)).toBe('3 passed, 2 failed')
  expect(exitCode).toBe(1)
})

test('a suite that leaves no report has failed, even when it says that it has not', async () => {
  const { lines, exitCode } = await run([{ name: 'mute', command: 'true', isSuite: true }])
  expect(lines.at(-1)).toBe('0 passed, 1 failed')
  expect(exitCode).toBe(1)
})

test('a run of nothing has not passed', async () => {
  expect(await run()).toEqual({ lines: ['0 passed, 0 failed'], exitCode: 1 })
})
