/** The codes of all masks of a folder in one view, and which of them are classes, edges or mistakes. */
import type { FileProblem } from '../../domain/dataset'
import type { MaskCensus } from './census'
import { countsIn, type View } from './reading'

export interface ViewedMask {
  census: MaskCensus
  /** By code. */
  counts: Map<number, { pixels: number; inner: number }>
  pixels: number
  /** The number by which values of 16 bits are divided to get those of 8: 257 or 1. */
  unit: number
}

/** A code over all masks. */
export interface CodeTotal {
  code: number
  pixels: number
  inner: number
  /** Number of masks that have it. */
  masks: number
  /** The largest share of a mask that it has. */
  share: number
}

export interface MaskCodes {
  view: View
  masks: ViewedMask[]
  totals: CodeTotal[]
  pixels: number
}

/** Full white in 16 bits is 257 times that in 8. */
const WIDE_UNIT = 257
/** A mistake occurs in at most this share of the masks, and has at most that share of the pixels of each. */
const STRAY_MASKS = 0.05
const STRAY_PIXELS = 0.01
/** An area of more pixels than this is meant, however small its share. */
const MOST_STRAY_PIXELS = 64

/** @param censuses of masks that all have codes in this view */
export function codesIn(view: View, censuses: readonly MaskCensus[]): MaskCodes {
  const unit = view === 'values' && areOfWideUnits(censuses) ? WIDE_UNIT : 1
  const masks = censuses.map((census): ViewedMask => {
    const own = unit > 1 && [...census.counts.keys()].some((code) => code > 255) ? unit : 1
    const counts = new Map([...countsIn(census, view)].map(([code, count]) => [code / own, count]))
    return { census, counts, pixels: census.size.height * census.size.width, unit: own }
  })
  const totals = new Map<number, CodeTotal>()
  for (const { counts, pixels: all } of masks) {
    for (const [code, { pixels, inner }] of counts) {
      const total = totals.get(code) ?? { code, pixels: 0, inner: 0, masks: 0, share: 0 }
      total.pixels += pixels
      total.inner += inner
      total.masks++
      total.share = Math.max(total.share, pixels / all)
      totals.set(code, total)
    }
  }
  return {
    view,
    masks,
    totals: [...totals.values()].sort((a, b) => a.code - b.code),
    pixels: masks.reduce((sum, { pixels }) => sum + pixels, 0),
  }
}

function areOfWideUnits(censuses: readonly MaskCensus[]): boolean {
  const wide = censuses.filter(({ counts }) => [...counts.keys()].some((code) => code > 255))
  return wide.length > 0 && wide.every(({ counts }) => [...counts.keys()].every((code) => code % WIDE_UNIT === 0))
}

/** Whether a code occurs so seldom that it can be a mistake: what it breaks decides whether it is one. */
export function isRare({ masks, share, pixels }: CodeTotal, { masks: all }: MaskCodes): boolean {
  return masks <= Math.max(1, STRAY_MASKS * all.length) && share <= STRAY_PIXELS && pixels <= MOST_STRAY_PIXELS
}

/** The meaning of codes: class id by code, and the codes that are void. */
export interface CodeMap {
  classOf: ReadonlyMap<number, number>
  voids: ReadonlySet<number>
}

/** "128", or "(128, 64, 0)". */
export function codeName(code: number, view: View): string {
  return view === 'colors' ? `(${code >> 16}, ${(code >> 8) & 255}, ${code & 255})` : String(code)
}

/** A mask that is left out because it cannot be read like the others. */
export function leftOut(path: string, what: string, remedy: string): FileProblem {
  return { path, problem: `The mask "${path}" ${what}; it was left out.`, remedy }
}
