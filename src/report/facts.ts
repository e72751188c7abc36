/** Everything that a report shows, as plain data. `report.ts` gathers it from storage, `page.ts` draws it. */
import type { ProjectRecord } from '../domain/project'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'

/** A picture: a data URL, and its round, or null when it belongs to none. */
export interface Picture {
  source: string
  round: number | null
}

/** Rows of pictures, one row an image. A picture is null where the run stored nothing to show. */
export interface PictureTable {
  title: string
  about: string
  columns: string[]
  rows: { name: string; pictures: (Picture | null)[] }[]
}

export interface ReportFacts {
  project: ProjectRecord
  run: RunRecord
  /** Complete rounds in order. */
  rounds: RoundRecord[]
  pictures: PictureTable[]
  versions: Record<string, string>
  /** Milliseconds since 1970. */
  createdAt: number
}

/** Each class's share of all pixels, 0..1; 0 for all when there are no pixels. */
export function sharesOf(pixels: readonly number[]): number[] {
  const total = pixels.reduce((sum, count) => sum + count, 0)
  return pixels.map((count) => (total > 0 ? count / total : 0))
}

/** Pixels of each class in the selections of all rounds together. */
export function selectedPixels(rounds: readonly RoundRecord[], classes: number): number[] {
  const sums = new Array<number>(classes).fill(0)
  for (const round of rounds) {
    for (let c = 0; c < classes; c++) sums[c] = (sums[c] ?? 0) + (round.selectedClassPixels[c] ?? 0)
  }
  return sums
}

/** Leaves of a nested plain object, in order, under dotted names. */
export function flatten(value: unknown, name = ''): [name: string, value: string][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[name, JSON.stringify(value)]]
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, name ? `${name}.${key}` : key))
}
