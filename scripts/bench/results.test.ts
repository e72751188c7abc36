import { expect, test } from 'vitest'
import type { EngineName } from '../../src/domain/engine'
import { type ComparisonResult, disagreement, shareOf } from './compare'
import { COMPARISONS, RATIOS, type RatioName } from './comparisons'
import { benchFile, markdownTable, textTable } from './results'

const COUNTS = { dispatches: 0, allocatedBytes: 0, readBacks: 0, readBackBytes: 0, gpuMs: null }

function result(
  name: string,
  engine: EngineName,
  ratio: { name: RatioName | null; value: number | null },
  counts: Partial<typeof COUNTS> = {},
): ComparisonResult {
  const times = { median: 12.345, least: 10, most: 2000.4, count: 3 }
  const said = { fingerprint: [], firstAllocatedBytes: 3 * 2 ** 20, multiplyAdds: null }
  return {
    name,
    title: `Title of ${name}`,
    engine,
    variants: [{ label: 'ours', times, counts: { ...COUNTS, ...counts }, ...said }],
    ratios: [{ label: 'stock tfjs / ours', ...ratio }],
    shares: [],
  }
}

test('the file has every ratio, and null for what was not measured', () => {
  const file = benchFile('google swiftshader', [
    result('train-step', 'webgpu', { name: 'trainStepWebgpu', value: 5.5 }, { dispatches: 640 }),
    result('query-image', 'webgpu', { name: null, value: 7 }, { readBacks: 1 }),
  ])
  expect(Object.keys(file)).toEqual(['adapter', 'ratios', 'dispatchesPerStep', 'readBacksPerQueryImage'])
  expect(Object.keys(file.ratios)).toEqual([...RATIOS])
  expect(file).toMatchObject({ adapter: 'google swiftshader', dispatchesPerStep: 640, readBacksPerQueryImage: 1 })
  expect(file.ratios.trainStepWebgpu).toBe(5.5)
  expect(Object.values(file.ratios).filter((value) => value === null)).toHaveLength(RATIOS.length - 1)
})

test('WebGPU is preferred, and counts of WASM are no dispatches', () => {
  const wasm = result('mc20-head', 'wasm', { name: 'mc20Head', value: 3 })
  const webgpu = result('mc20-head', 'webgpu', { name: 'mc20Head', value: 1.25 })
  expect(benchFile('a', [wasm, webgpu]).ratios.mc20Head).toBe(1.25)
  expect(benchFile('a', [wasm]).ratios.mc20Head).toBe(3)
  const step = result('train-step', 'wasm', { name: 'trainStepWasmOverTorch', value: 4 })
  expect(benchFile('a', [step]).dispatchesPerStep).toBeNull()
})

test('every ratio is some comparison of variants that it has', () => {
  const made = COMPARISONS.flatMap(({ ratios }) => ratios.map(({ name }) => name))
  for (const name of made) if (name) expect(RATIOS).toContain(name)
  for (const { ratios, variants } of COMPARISONS) {
    const labels = variants.map(({ label }) => label)
    for (const { numerator, denominator } of ratios) {
      expect(labels).toContain(numerator)
      expect(labels).toContain(denominator)
    }
  }
})

test('contestants disagree when a number is off, missing or no number', () => {
  expect(disagreement([2, 0], [2, 0])).toBe(0)
  expect(disagreement([100, 0], [100, 1])).toBeCloseTo(0.01)
  expect(disagreement([1], [1, 2])).toBe(Number.POSITIVE_INFINITY)
  expect(disagreement([1], [Number.NaN])).toBe(Number.POSITIVE_INFINITY)
})

test('tables leave out columns that nothing fills', () => {
  const step = result('train-step', 'webgpu', { name: 'trainStepWebgpu', value: 5.5 }, { dispatches: 640 })
  expect(textTable(step).split('\n')).toEqual([
    '== Title of train-step (webgpu) ==',
    'what  ms (median)  least-most  dispatches  MB allocated, first / steady',
    'ours         12.3   10.0-2000         640                      3.00 / 0',
    'stock tfjs / ours: 5.50',
    '',
  ])
  expect(markdownTable(step)).toContain('| ours | 12.3 | 10.0-2000 | 640 | 3.00 / 0 |')
})

test('a query is a share of the round that it and the training make up', () => {
  const share = shareOf({ query: 'margin', step: 'step', images: 200, steps: 600 }, 90, 270)
  expect(share.value).toBeCloseTo(0.1)
  const measured = { ...result('pool-query', 'wasm', { name: null, value: 2 }), shares: [share] }
  expect(textTable(measured)).toContain('\nof the round, margin, 200 images, 600 steps: 10.0 %\n')
  expect(markdownTable(measured)).toContain('\n- of the round, margin, 200 images, 600 steps: 10.0 %\n')
})
