/** Finds out what the numbers in masks mean, over all masks of a folder together. */
import type { ClassDefinition } from '../../domain/classes'
import type { Answers, FileProblem, LabelCoding } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import { type LabelPng, pixelCodes } from '../../image/label-png'
import type { ClassFile } from '../class-files/class-file'
import { countOf } from '../layouts/paths'
import { applyRule } from './apply'
import { findEnds } from './binary'
import type { MaskCensus } from './census'
import { binaryRule, blackAndWhite, foundRule } from './found'
import { listedAlpha, listedRule } from './listed'
import { schemeSheet, whyNot } from './scheme'
import { alphaSheets, areColored, doPalettesDiffer, MOST_UNNAMED, meaningOfAlpha, sheetsBy } from './sheets'
import type { MaskEvidence, MaskReading, Meaning, Rule, Scheme, Sheet } from './types'

export type { MaskEvidence, MaskReading, Meaning, Scheme } from './types'

/**
 * Decides in this order: the scheme of a known dataset; labels in the alpha channel; a class file; the masks alone.
 * @throws AppError `bad_label` when a class file lists more classes than a mask can tell apart
 */
export function findMeaning(masks: readonly MaskEvidence[], scheme: Scheme | null, answers: Answers): Meaning {
  const reason = scheme && whyNot(scheme, masks)
  if (scheme && reason === null) return schemeMeaning(masks, scheme)
  const pictures = masks.filter(({ census }) => isPicture(census))
  const groups = byClassFile(masks.filter((mask) => !pictures.includes(mask)))
  const merged = merge(groups.map((group) => groupMeaning(group, answers)))
  const notes = reason ? [reason, ...merged.notes] : merged.notes
  return { ...merged, notes, problems: [...merged.problems, ...pictures.map(({ census }) => noMask(census))] }
}

function schemeMeaning(masks: readonly MaskEvidence[], scheme: Scheme): Meaning {
  const meaning = merge(
    masks.map((mask) => {
      const { sheet, rule } = schemeSheet(mask, scheme)
      return { ...applyRule([sheet], rule), classes: [], source: rule.source, questions: [] }
    }),
  )
  return { ...meaning, classes: scheme.classes, source: `The classes are those of ${scheme.name}.` }
}

/** Masks without a class file of their own go with the file of the most masks. */
function byClassFile(masks: readonly MaskEvidence[]): MaskEvidence[][] {
  const groups = new Map<string, MaskEvidence[]>()
  for (const mask of masks) {
    const path = mask.classFile?.path ?? ''
    groups.set(path, [...(groups.get(path) ?? []), mask])
  }
  const none = groups.get('') ?? []
  const named = [...groups].filter(([path]) => path !== '').map(([, group]) => group)
  const [most] = [...named].sort((a, b) => b.length - a.length)
  if (!most) return [none]
  most.push(...none.map((mask) => ({ ...mask, classFile: most[0].classFile })))
  return named
}

function groupMeaning(masks: readonly MaskEvidence[], answers: Answers): Meaning {
  const { sheets, rule } = ruleOf(masks, answers)
  const applied = applyRule(sheets, rule)
  return {
    ...applied,
    classes: rule.classes,
    source: rule.source,
    notes: [...rule.notes, ...lossyNotes(sheets, rule), ...applied.notes],
    questions: rule.questions,
  }
}

/** Only between black and white is it known what compression changed. */
function lossyNotes(sheets: readonly Sheet[], { cut }: Rule): string[] {
  const lossy = sheets.filter(({ census }) => census.isLossy)
  if (cut || lossy.length === 0) return []
  const which = `${countOf(lossy.length, 'mask')} (such as "${lossy[0].census.path}")`
  return [`JPEG or lossy WebP changes the values of ${which}: some classes may be none. Save masks as PNG.`]
}

function ruleOf(masks: readonly MaskEvidence[], answers: Answers): { sheets: Sheet[]; rule: Rule } {
  const censuses = masks.map(({ census }) => census)
  const classFile = masks[0]?.classFile ?? null
  const palette = censuses.find((census) => census.palette)?.palette ?? null
  const alpha = meaningOfAlpha(censuses)
  if (alpha === 'only') return alphaRule(censuses, classFile, answers)
  if (classFile && classFile.entries.length > 0) {
    const isBinary = !areColored(censuses) && findEnds(sheetsBy('values', censuses, false)) !== null
    const { view, rule } = listedRule(classFile, quietOf(censuses, isBinary), alpha === 'too', palette, answers)
    return { sheets: sheetsBy(view, censuses, alpha === 'too'), rule }
  }
  const differ = doPalettesDiffer(censuses)
  const view = areColored(censuses) || differ ? 'colors' : 'values'
  const sheets = sheetsBy(view, censuses, alpha === 'too')
  const isBinary = view === 'values' && findEnds(sheets) !== null
  const quiet = new Set(quietOf(censuses, isBinary))
  const usable = sheets.filter(({ census }) => quiet.has(census))
  const rule = foundRule(usable, palette, answers)
  if (differ && !areColored(censuses))
    rule.notes.push('The palettes of the masks differ: colours say the classes, not indices.')
  return { sheets, rule }
}

/** A mask of more codes whose neighbours differ is a slope or a photo, whatever its name. */
const FEW_CODES = 32
const LEAST_FLATNESS = 0.3

function isPicture({ counts, flatness }: MaskCensus): boolean {
  return counts.size > FEW_CODES && flatness < LEAST_FLATNESS
}

function noMask({ path, counts, kind, isOverflowing }: MaskCensus): FileProblem {
  const many = `${isOverflowing ? 'more than ' : ''}${counts.size} different ${kind === 'color' ? 'colours' : 'greys'}`
  return {
    path,
    problem: `The mask "${path}" holds ${many}, and hardly two neighbours alike: it looks like a photo and was left out.`,
    remedy:
      'Export a mask with one value or colour for each class; if it is an image, say so under "What the files are".',
  }
}

/** Masks that few enough codes make readable; all where none is, or where greys between two ends are expected. */
function quietOf(censuses: readonly MaskCensus[], isBinary: boolean): readonly MaskCensus[] {
  const quiet = isBinary ? censuses : censuses.filter(({ counts }) => counts.size <= MOST_UNNAMED)
  return quiet.length > 0 ? quiet : censuses
}

function alphaRule(
  censuses: readonly MaskCensus[],
  classFile: ClassFile | null,
  answers: Answers,
): { sheets: Sheet[]; rule: Rule } {
  const sheets = alphaSheets(censuses)
  const ends = findEnds(sheets) ?? { low: 0, high: 255, greys: 0, share: 0 }
  if (!classFile || classFile.entries.length === 0) return { sheets, rule: binaryRule(ends, blackAndWhite('alpha')) }
  const rule = listedAlpha(classFile, sheets, ends, answers)
  return { sheets, rule: { ...rule, notes: [...rule.notes, blackAndWhite('alpha').source] } }
}

/** One list of classes for groups with lists of their own: equal names are one class. */
function merge(meanings: readonly Meaning[]): Meaning {
  if (meanings.length === 1) return meanings[0]
  const classes: ClassDefinition[] = []
  const readings = new Map<string, MaskReading>()
  for (const meaning of meanings) {
    const ids = meaning.classes.map((one) => {
      const known = classes.findIndex(({ name }) => name === one.name)
      return known >= 0 ? known : classes.push(one) - 1
    })
    const idOf = (id: number) => (id === IGNORE ? IGNORE : (ids[id] ?? id))
    for (const [path, reading] of meaning.readings) readings.set(path, renumbered(reading, idOf))
  }
  const sources = [...new Set(meanings.map(({ source }) => source))]
  const source =
    sources.length > 1 ? `${sources[0]} ${sources.length - 1} more class files are merged by name.` : (sources[0] ?? '')
  return {
    classes,
    source,
    readings,
    notes: [...new Set(meanings.flatMap(({ notes }) => notes))],
    problems: meanings.flatMap(({ problems }) => problems),
    questions: meanings
      .flatMap(({ questions }) => questions)
      .filter(({ id }, i, all) => all.findIndex((other) => other.id === id) === i),
  }
}

function renumbered(reading: MaskReading, idOf: (id: number) => number): MaskReading {
  const transparent = reading.transparent === null ? null : idOf(reading.transparent)
  const codes = new Map([...reading.codes].map(([code, id]) => [code, idOf(id)]))
  return {
    ...reading,
    transparent,
    codes,
    pixels: new Map([...reading.pixels].map(([id, count]) => [idOf(id), count])),
  }
}

/** Class ids of a mask, H*W, 255 = void. */
export function classIdsOf(mask: LabelPng, { view, codes, transparent }: MaskReading): Uint8Array {
  const { alpha } = mask
  const numbers =
    view === 'alpha' ? (alpha ?? new Uint8Array(mask.size.height * mask.size.width).fill(255)) : readingCodes(mask)
  const classIds = Uint8Array.from(numbers, (code) => codes.get(code) ?? IGNORE)
  if (transparent === null || !alpha) return classIds
  const half = alpha.reduce((most, value) => Math.max(most, value), 0) / 2
  for (let i = 0; i < classIds.length; i++) if (alpha[i] < half || alpha[i] === 0) classIds[i] = transparent
  return classIds
}

/** The codes that the census counts. */
function readingCodes(mask: LabelPng): ReturnType<typeof pixelCodes> {
  const { colors } = mask
  const isColor = colors?.some((value, i) => i % 3 > 0 && value !== colors[i - (i % 3)]) ?? false
  return pixelCodes(mask, isColor ? 'color' : 'index')
}

/** The coding with which the file can be stored as it is; null: it is stored as a PNG of class ids. */
export function storedCoding(
  { view, codes, transparent }: MaskReading,
  { kind, isLossy }: MaskCensus,
): LabelCoding | null {
  if (view === 'alpha' || transparent !== null || isLossy) return null
  if (kind === 'color') {
    const entries = [...codes].filter(([, id]) => id !== IGNORE)
    return { kind: 'color', entries: entries.map(([code, id]) => [code >> 16, (code >> 8) & 255, code & 255, id]) }
  }
  if ([...codes].some(([code, id]) => code > 255 && id !== IGNORE)) return null
  return { kind: 'index', table: Array.from({ length: 256 }, (_, value) => codes.get(value) ?? IGNORE) }
}
