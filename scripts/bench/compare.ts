/** Makes a comparison: prepares every variant, checks that they compute the same, and times them in turn. */
import type { EngineName } from '../../src/domain/engine'
import type { Comparison, RatioName, RoundOf, Variant } from './comparisons'
import type { GpuCounts, Preparation, Sample } from './contract'
import type { Host } from './host'
import { median, pairedRatio, type Summary, summarise } from './statistics'

/** A comparison that has taken this long is not repeated further. */
const ENOUGH_MS = 60_000

export interface VariantResult extends Preparation {
  label: string
  times: Summary
  /** Of the last sample; the GPU's time is the median. */
  counts: GpuCounts
}

export interface RatioResult {
  name: RatioName | null
  /** "stock tfjs / ours". */
  label: string
  value: number | null
}

/** How much of a round its query takes. */
export interface ShareResult {
  label: string
  /** 0..1 */
  value: number
}

export interface ComparisonResult {
  name: string
  title: string
  engine: EngineName
  variants: VariantResult[]
  ratios: RatioResult[]
  shares: ShareResult[]
}

/** Largest difference of two lists of numbers, relative to the largest magnitude; infinite where their lengths differ. */
export function disagreement(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  const largest = Math.max(0, ...[...a, ...b].map(Math.abs))
  const difference = Math.max(0, ...a.map((value, i) => Math.abs(value - b[i])))
  if (Number.isNaN(largest) || Number.isNaN(difference)) return Number.POSITIVE_INFINITY
  return difference === 0 ? 0 : difference / largest
}

function some(values: readonly number[]): string {
  return values.length > 4 ? `${values.slice(0, 4).join(', ')}, ...` : values.join(', ')
}

function checkAgreement({ title, tolerance }: Comparison, variants: readonly (Variant & Preparation)[]): void {
  if (tolerance === undefined) return
  const [first, ...others] = variants.filter(({ fingerprint }) => fingerprint.length > 0)
  for (const other of others) {
    const difference = disagreement(first.fingerprint, other.fingerprint)
    if (difference <= tolerance) continue
    throw new Error(
      `${title}: ${first.label} gives ${some(first.fingerprint)}, ${other.label} ${some(other.fingerprint)}. ` +
        `They differ by ${difference}, more than ${tolerance}, so their times cannot be compared.`,
    )
  }
}

/** `note` hears of every step on the way. */
export async function compare(
  host: Host,
  comparison: Comparison,
  { engine, repeat, note }: Pace & { engine: EngineName },
): Promise<ComparisonResult> {
  const prepared: (Variant & Preparation)[] = []
  try {
    for (const variant of comparison.variants) {
      note(`${comparison.name}: preparing ${variant.label}`)
      prepared.push({ ...variant, ...(await host.call(variant.contestant, 'prepare', variant.program)) })
    }
    checkAgreement(comparison, prepared)
    const samples = await interleave(host, comparison.name, prepared, { repeat, note })
    const timesOf = (label: string) => (samples.get(label) ?? []).map(({ ms }) => ms)
    return {
      name: comparison.name,
      title: comparison.title,
      engine,
      variants: prepared.map((variant) => ({
        ...variant,
        times: summarise(timesOf(variant.label)),
        counts: countsOf(samples.get(variant.label) ?? []),
      })),
      ratios: comparison.ratios.map(({ name, numerator, denominator }) => ({
        name: name ?? null,
        label: `${numerator} / ${denominator}`,
        value: pairedRatio(timesOf(numerator), timesOf(denominator)),
      })),
      shares: (comparison.rounds ?? []).map((round) =>
        shareOf(round, median(timesOf(round.query)), median(timesOf(round.step))),
      ),
    }
  } finally {
    for (const { contestant, program } of prepared) await host.call(contestant, 'release', program)
  }
}

export function shareOf({ query, images, steps }: RoundOf, queryMs: number, stepMs: number): ShareResult {
  const asked = images * queryMs
  return { label: `${query}, ${images} images, ${steps} steps`, value: asked / (asked + steps * stepMs) }
}

interface Pace {
  repeat: number
  note: (text: string) => void
}

/** ours, stock, ours, stock ...: as often as asked for, or, where that takes long, at least twice. */
async function interleave(
  host: Host,
  name: string,
  variants: readonly Variant[],
  { repeat, note }: Pace,
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(variants.map(({ label }) => [label, []]))
  const start = performance.now()
  for (let i = 0; i < repeat && (i < 2 || performance.now() - start < ENOUGH_MS); i++) {
    for (const { label, contestant, program } of variants) {
      const sample = await host.call(contestant, 'sample', program)
      note(`${name}: ${label}, ${i + 1} of ${repeat}: ${sample.ms.toFixed(1)} ms`)
      samples.get(label)?.push(sample)
    }
  }
  return samples
}

function countsOf(samples: readonly Sample[]): GpuCounts {
  const { ms: _, ...counts } = samples[samples.length - 1]
  const gpuTimes = samples.flatMap(({ gpuMs }) => (gpuMs === null ? [] : [gpuMs]))
  return { ...counts, gpuMs: gpuTimes.length > 0 ? median(gpuTimes) : null }
}
