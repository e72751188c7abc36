/** What a run of the benchmarks leaves behind: the JSON of the ratios, and tables. */
import type { ComparisonResult, VariantResult } from './compare'
import { RATIOS, type RatioName } from './comparisons'

export interface BenchFile {
  /** The WebGPU adapter, or the WASM engine where only that was measured. */
  adapter: string
  /** null = not measured. */
  ratios: Record<RatioName, number | null>
  /** Dispatches of one training step on WebGPU. */
  dispatchesPerStep: number | null
  /** Buffers read back for the whole query of one image on WebGPU. */
  readBacksPerQueryImage: number | null
}

/** WebGPU's number where there is one, else WASM's. */
export function benchFile(adapter: string, results: readonly ComparisonResult[]): BenchFile {
  const byPreference = [...results].sort((a, b) => rank(a) - rank(b))
  const measured = byPreference.flatMap(({ ratios }) => ratios)
  const ratio = (name: RatioName) => measured.find((found) => found.name === name && found.value !== null)?.value
  const counts = (name: string) =>
    results.find((result) => result.name === name && result.engine === 'webgpu')?.variants[0].counts
  return {
    adapter,
    ratios: Object.fromEntries(RATIOS.map((name) => [name, ratio(name) ?? null])) as BenchFile['ratios'],
    dispatchesPerStep: counts('train-step')?.dispatches ?? null,
    readBacksPerQueryImage: counts('query-image')?.readBacks ?? null,
  }
}

function rank({ engine }: ComparisonResult): number {
  return engine === 'webgpu' ? 0 : 1
}

/** Three significant digits. */
function digits(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3)
}

function megabytes(bytes: number): string {
  return bytes === 0 ? '0' : digits(bytes / 2 ** 20)
}

const HEADER = [
  'what',
  'ms (median)',
  'least-most',
  'GPU ms',
  'dispatches',
  'MB allocated, first / steady',
  'read-backs (MB)',
  'G multiply-adds',
]

function row(variant: VariantResult): string[] {
  const { label, times, counts, firstAllocatedBytes, multiplyAdds } = variant
  return [
    label,
    digits(times.median),
    `${digits(times.least)}-${digits(times.most)}`,
    counts.gpuMs === null ? '-' : digits(counts.gpuMs),
    String(counts.dispatches || '-'),
    counts.dispatches ? `${megabytes(firstAllocatedBytes)} / ${megabytes(counts.allocatedBytes)}` : '-',
    counts.readBacks ? `${counts.readBacks} (${megabytes(counts.readBackBytes)})` : '-',
    multiplyAdds === null ? '-' : digits(multiplyAdds / 1e9),
  ]
}

function ratioLine({ ratios }: ComparisonResult): string {
  return ratios.map(({ label, value }) => `${label}: ${value === null ? '-' : digits(value)}`).join('; ')
}

function shareLines({ shares }: ComparisonResult): string[] {
  return shares.map(({ label, value }) => `of the round, ${label}: ${(100 * value).toFixed(1)} %`)
}

/** Columns that no row fills are left out. */
function filledColumns(rows: readonly string[][]): number[] {
  return HEADER.map((_, column) => column).filter((column) => rows.some((cells) => cells[column] !== '-'))
}

/** For the terminal. */
export function textTable(result: ComparisonResult): string {
  const rows = result.variants.map(row)
  const columns = filledColumns(rows)
  const lines = [HEADER, ...rows].map((cells) => columns.map((column) => cells[column]))
  const widths = columns.map((_, i) => Math.max(...lines.map((cells) => cells[i].length)))
  const table = lines.map((cells) =>
    cells.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  '),
  )
  return [`== ${result.title} (${result.engine}) ==`, ...table, ratioLine(result), ...shareLines(result), ''].join('\n')
}

/** For docs/benchmarks.md. */
export function markdownTable(result: ComparisonResult): string {
  const rows = result.variants.map(row)
  const columns = filledColumns(rows)
  const line = (cells: string[]) => `| ${columns.map((column) => cells[column]).join(' | ')} |`
  const rule = `|${columns.map((column) => (column === 0 ? '---' : '---:')).join('|')}|`
  return [
    `### ${result.title} (${result.engine})`,
    '',
    line(HEADER),
    rule,
    ...rows.map(line),
    '',
    ratioLine(result),
    ...shareLines(result).map((line) => `- ${line}`),
    '',
  ].join('\n')
}
