/** Reads each mask by the rule of the set. A mask that does not fit is named; it changes nothing for the others. */
import type { FileProblem } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import { countOf } from '../layouts/paths'
import { NEAR } from './binary'
import { codesWithPixels, percent } from './sentences'
import { STRAY_SHARE } from './support'
import type { MaskReading, Rule, Sheet } from './types'

/** Different codes outside the classes from which a mask has smoothed edges, not strays. */
const SMOOTH_CODES = 3
/** Share of a mask that smoothed edges may hold: more is a picture of something else. */
const MOST_EDGES = 0.1
const LEAST_ENDS = 0.6

interface Applied {
  readings: Map<string, MaskReading>
  notes: string[]
  problems: FileProblem[]
}

type Outcome =
  | { kind: 'exact' | 'edges' | 'cut'; idOf: (code: number) => number; share: number }
  | { kind: 'strays'; idOf: (code: number) => number; share: number; codes: [number, number][] }
  | { kind: 'out'; codes: [number, number][]; share: number }

export function applyRule(sheets: readonly Sheet[], rule: Rule): Applied {
  const applied: Applied = { readings: new Map(), notes: [], problems: [] }
  const softened = { cut: [] as Sheet[], edges: [] as Sheet[] }
  let voided = 0
  for (const sheet of sheets) {
    const outcome = outcomeOf(sheet, rule)
    if (outcome.kind === 'out') applied.problems.push(leftOut(sheet, outcome.codes, outcome.share, rule))
    else {
      applied.readings.set(sheet.census.path, reading(sheet, outcome.idOf))
      if (outcome.kind === 'strays') applied.problems.push(strays(sheet, outcome.codes, rule))
      if (outcome.kind === 'edges') voided += outcome.share
      if (outcome.kind === 'cut' || outcome.kind === 'edges') softened[outcome.kind].push(sheet)
    }
  }
  if (softened.cut.length > 0) applied.notes.push(cutNote(softened.cut, rule, sheets.length))
  if (softened.edges.length > 0) {
    const share = percent(voided / softened.edges.length)
    applied.notes.push(
      `${countOf(softened.edges.length, 'mask')} (such as "${softened.edges[0].census.path}") have smoothed edges: pixels between the classes, ${share} of these masks, are void.`,
    )
  }
  return applied
}

function outcomeOf(sheet: Sheet, { ids, cut, isSmoothed }: Rule): Outcome {
  const { counts, pixels, census } = sheet
  const unknown = [...counts].filter(([code]) => !ids.has(code))
  let others = unknown.reduce((sum, [, count]) => sum + count, 0)
  if (census.isOverflowing) others += pixels - [...counts.values()].reduce((sum, count) => sum + count, 0)
  const share = others / pixels
  const idOf = (code: number) => ids.get(code) ?? IGNORE
  if (others === 0) return { kind: 'exact', idOf, share }
  if (cut && unknown.every(([code]) => code >= 0 && code < 256)) {
    const { low, high } = cut
    const isNear = (code: number) => Math.abs(code - low) <= NEAR || Math.abs(code - high) <= NEAR
    const near = [...counts].reduce((sum, [code, count]) => sum + (isNear(code) ? count : 0), 0)
    const isSoft = unknown.length >= SMOOTH_CODES || census.isLossy || (near === pixels && share <= MOST_EDGES)
    const at = middleOf(cut)
    if (isSoft && share > 0.0002 && near / pixels >= LEAST_ENDS)
      return { kind: 'cut', idOf: (code) => idOf(code >= at ? high : low), share }
  }
  if (
    unknown.length >= 2 * SMOOTH_CODES &&
    share > STRAY_SHARE &&
    share <= MOST_EDGES &&
    (isSmoothed || sheet.view === 'colors')
  )
    return { kind: 'edges', idOf, share }
  if (share <= STRAY_SHARE) return { kind: 'strays', idOf, share, codes: unknown }
  return { kind: 'out', codes: unknown, share }
}

function middleOf({ low, high }: { low: number; high: number }): number {
  return Math.ceil((low + high) / 2)
}

function reading({ view, codes, counts, census }: Sheet, idOf: (code: number) => number): MaskReading {
  const ids = new Map([...codes].map(([raw, code]) => [raw, idOf(code)]))
  const pixels = new Map<number, number>()
  let rest = census.size.height * census.size.width
  for (const [code, count] of counts) {
    pixels.set(idOf(code), (pixels.get(idOf(code)) ?? 0) + count)
    rest -= count
  }
  if (rest > 0) pixels.set(IGNORE, (pixels.get(IGNORE) ?? 0) + rest)
  return { view, codes: ids, transparent: counts.has(-1) ? idOf(-1) : null, pixels }
}

function cutNote(masks: readonly Sheet[], { cut }: Rule, total: number): string {
  const { low, high } = cut ?? { low: 0, high: 255 }
  const greys = new Set(masks.flatMap(({ counts }) => [...counts.keys()]))
  const pixels = masks.reduce((sum, mask) => sum + mask.pixels, 0)
  let near = 0
  for (const { counts } of masks) {
    for (const [code, count] of counts) if (Math.abs(code - low) <= NEAR || Math.abs(code - high) <= NEAR) near += count
  }
  const which =
    masks.length === total ? 'The masks' : `${countOf(masks.length, 'mask')} (such as "${masks[0].census.path}")`
  const verb = masks.length === 1 && total > 1 ? 'holds' : 'hold'
  return `${which} ${verb} ${greys.size} greys; ${percent(near / pixels)} of the pixels are near ${low} or ${high}: cut at ${middleOf({ low, high })}.`
}

function strays(sheet: Sheet, codes: [number, number][], { classes }: Rule): FileProblem {
  const what = sheet.view === 'colors' ? 'a colour' : 'a value'
  return {
    path: sheet.census.path,
    problem: `The mask "${sheet.census.path}" holds ${what} outside the ${classes.length === 1 ? 'one class' : `${classes.length} classes`}: ${codesWithPixels(sheet, codes)}, left void.`,
    remedy: 'Correct these pixels in the mask if they should have a class.',
  }
}

function leftOut(sheet: Sheet, codes: [number, number][], share: number, { classes }: Rule): FileProblem {
  const { path, depth, isLossy, isOverflowing } = sheet.census
  const isColor = sheet.view === 'colors'
  const out = 'it was left out'
  if (sheet.counts.size > 64 || codes.length > 16) {
    const many = `${isOverflowing ? 'more than ' : ''}${sheet.counts.size} different ${isColor ? 'colours' : depth === 16 ? 'values of 16 bits' : 'greys'}`
    const remedy =
      depth === 16
        ? 'Ids of single objects are no classes: export a PNG of 8 bits with one value a class.'
        : isLossy
          ? 'Save masks as PNG: JPEG changes their values.'
          : 'Export it without anti-aliasing or compression loss; if it is a photo, call it one.'
    return {
      path,
      problem: `The mask "${path}" holds ${many}, ${percent(share)} of its pixels outside the classes; ${out}.`,
      remedy,
    }
  }
  const noun = isColor ? 'colours' : 'label ids'
  return {
    path,
    problem: `The mask "${path}" holds ${noun} outside the ${classes.length} classes: ${codesWithPixels(sheet, codes)}; ${out}.`,
    remedy: isColor
      ? 'List the colours in a label_colors.txt ("r g b name" a line), or correct the mask.'
      : `Correct the mask${depth === 16 ? ' (a PNG of 16 bits: save it with 8)' : ' (255 stands for void)'}, or name every class in a classes.txt.`,
  }
}
