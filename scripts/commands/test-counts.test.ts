import { expect, test } from 'vitest'
import { addCounts, commandCounts, type VitestReport, vitestCounts } from './test-counts'

function report(...files: [status: string, ...tests: string[]][]): VitestReport {
  return {
    testResults: files.map(([status, ...tests], i) => ({
      name: `file-${i}`,
      status,
      assertionResults: tests.map((outcome) => ({ status: outcome })),
    })),
  }
}

test('counts tests over files', () => {
  const counts = vitestCounts(report(['passed', 'passed', 'passed'], ['failed', 'passed', 'failed']), 1)
  expect(counts).toEqual({ passed: 3, failed: 1 })
})

test('a file that does not load is one failure', () => {
  expect(vitestCounts(report(['passed', 'passed'], ['failed']), 1)).toEqual({ passed: 1, failed: 1 })
})

test('a skipped test is a failure', () => {
  expect(vitestCounts(report(['passed', 'passed', 'skipped']), 0)).toEqual({ passed: 1, failed: 1 })
})

test('an unhandled error after all tests passed is a failure', () => {
  expect(vitestCounts(report(['passed', 'passed']), 1)).toEqual({ passed: 1, failed: 1 })
})

test('no report and no tests are failures', () => {
  expect(vitestCounts(null, 0)).toEqual({ passed: 0, failed: 1 })
  expect(vitestCounts(report(), 0)).toEqual({ passed: 0, failed: 1 })
})

test('a check counts as one, and all add up', () => {
  expect(addCounts([commandCounts(0), commandCounts(2), { passed: 40, failed: 2 }])).toEqual({ passed: 41, failed: 3 })
})
