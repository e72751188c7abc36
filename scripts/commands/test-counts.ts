/** How a check's outcome becomes "N passed, N failed". */

export interface Counts {
  passed: number
  failed: number
}

/** The parts of vitest's JSON report that count. */
export interface VitestReport {
  testResults: {
    name: string
    status: string
    message?: string
    assertionResults: { status: string }[]
  }[]
}

/**
 * Counts a vitest run. A test file that did not load, a run that broke without a failing test, a skipped test and a run
 * without any test each count as failed: a suite that checks nothing must not pass.
 */
export function vitestCounts(report: VitestReport | null, exitCode: number): Counts {
  if (!report) return { passed: 0, failed: 1 }
  let passed = 0
  let failed = 0
  for (const file of report.testResults) {
    const outcomes = file.assertionResults.map((test) => test.status)
    const filePassed = outcomes.filter((status) => status === 'passed').length
    const fileFailed = outcomes.length - filePassed
    passed += filePassed
    failed += fileFailed
    if (fileFailed === 0 && file.status !== 'passed') failed += 1
  }
  if (failed === 0 && (exitCode !== 0 || passed === 0)) failed = 1
  return { passed, failed }
}

/** Counts a check that is right or wrong as a whole. */
export function commandCounts(exitCode: number): Counts {
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

export function addCounts(counts: readonly Counts[]): Counts {
  return counts.reduce((sum, part) => ({ passed: sum.passed + part.passed, failed: sum.failed + part.failed }), {
    passed: 0,
    failed: 0,
  })
}
