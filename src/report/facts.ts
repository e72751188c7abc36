/** Everything a report shows, as plain data: gathered from storage by `report.ts`, drawn by `page.ts`. */
import type { ProjectRecord } from '../domain/project'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'

/** One picture: a data URL, and the round it belongs to where it belongs to one. */
export interface Picture {
  source: string
  round: number | null
}

/** Rows of images with the same columns; a picture is null where the run stored nothing to show. */
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

/** Shares of a count per class, 0..1; all 0 when there is nothing. */
export function sharesOf(pixels: readonly number[]): number[] {
  const total = pixels.reduce((sum, count) => sum + count, 0)
  return pixels.map((count) => (total > 0 ? count / total : 0))
}

/** Class pixels that all queries together added. */
export function selectedPixels(rounds: readonly RoundRecord[], classes: number): number[] {
  const sums = new Array<number>(classes).fill(0)
  for (const round of rounds) {
    for (let c = 0; c < classes; c++) sums[c] = (sums[c] ?? 0) + (round.selectedClassPixels[c] ?? 0)
  }
  return sums
}

/** Leaves of a nested plain object as dotted names, in order. */
export function flatten(value: unknown, name = ''): [name: string, value: string][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[name, JSON.stringify(value)]]
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, name ? `${name}.${key}` : key))
}
