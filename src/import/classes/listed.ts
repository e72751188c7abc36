/** The classes of masks for which a file names them: by value or by colour, whichever explains the pixels. */
import { type ClassDefinition, checkClassCount, generatedColor } from '../../domain/classes'
import type { Color } from '../../domain/color'
import type { Answers, ImportQuestion } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import { packColor } from '../../image/label-png'
import type { ClassEntry, ClassFile } from '../class-files/class-file'
import { blurredLevels, type FoundClasses, twoLevels } from './found'
import { isRare, type MaskCodes } from './mask-codes'

const BLACK = 0
const VOID_QUESTION = 'value-255'
const ZERO_QUESTION = 'value-0'
/** Values this far apart are levels of grey, not ids. */
const LEAST_STEP = 16

export interface ListedClasses extends FoundClasses {
  questions: ImportQuestion[]
}

interface Listing {
  file: ClassFile
  codes: MaskCodes
  palette: readonly Color[] | null
  answers: Answers
}

/** The readings of the file's lines, tried in this order; of equally good ones the first counts. */
const READINGS: ((listing: Listing) => ListedClasses | null)[] = [byValue, byColor, byLevels, fromOne, byRank]

/** @throws AppError `bad_label` when the file names more classes than a mask can tell apart */
export function listedClasses(listing: Listing): ListedClasses {
  checkClassCount(`"${listing.file.path}"`, named(listing.file).length)
  const readings = READINGS.flatMap((read) => read(listing) ?? [])
  const best = readings.reduce((found, reading) => {
    return explained(reading, listing.codes) > explained(found, listing.codes) ? reading : found
  })
  return best
}

/** Pixels that get a class. */
function explained({ classOf }: FoundClasses, { totals }: MaskCodes): number {
  return totals.reduce((sum, { code, pixels }) => sum + (classOf.has(code) ? pixels : 0), 0)
}

function named({ entries }: ClassFile): ClassEntry[] {
  return entries.filter(({ isVoid }) => !isVoid)
}

function definition({ name, color }: ClassEntry, value: number, palette: readonly Color[] | null): ClassDefinition {
  return { name, color: color ?? palette?.[value] ?? generatedColor(value) }
}

/** Each value is a line, or the id that the line says; 255 is void unless a line says it. */
function byValue({ file, codes, palette, answers }: Listing): ListedClasses | null {
  if (codes.view === 'colors') return null
  const entries = named(file)
  const classOf = new Map(entries.map(({ value }, id) => [value, id]))
  const voids = new Set([IGNORE, ...file.entries.filter(({ isVoid }) => isVoid).map(({ value }) => value)])
  const questions: ImportQuestion[] = []
  const occurring = new Set(codes.totals.map(({ code }) => code))
  const missing = entries.filter(({ value }) => !occurring.has(value))
  // Black and white masks of several classes: white is one of those that never occur, or void.
  if (occurring.has(IGNORE) && !classOf.has(IGNORE) && missing.length > 0 && occurring.size === 2 && occurring.has(0)) {
    const options = [
      { value: 'void', label: 'no class (void)' },
      ...missing.map(({ name, value }) => ({ value: String(value), label: name })),
    ]
    const answer = options.find(({ value }) => value === answers[VOID_QUESTION])?.value ?? 'void'
    questions.push({
      id: VOID_QUESTION,
      question: `The masks hold 0 and 255 alone, and "${file.path}" names ${entries.length} classes. What is 255?`,
      options,
      answer,
    })
    const chosen = classOf.get(Number(answer))
    if (answer !== 'void' && chosen !== undefined) {
      classOf.set(IGNORE, chosen)
      voids.delete(IGNORE)
    }
  }
  return {
    classes: entries.map((entry) => definition(entry, entry.value, palette)),
    classOf,
    voids,
    source: `Class names are from "${file.path}", ${entries.some(({ isValueSaid }) => isValueSaid) ? 'by their ids' : 'by line'}.`,
    notes: questions[0]?.answer === 'void' ? ['255 was taken for void.'] : [],
    questions,
  }
}

/** Each colour is that of a line. Black that no line means is void. */
function byColor({ file, codes }: Listing): ListedClasses | null {
  const entries = named(file)
  if (codes.view === 'alpha' || !entries.some(({ color }) => color)) return null
  const codeOf = ([red, green, blue]: Color) => {
    if (codes.view === 'colors') return packColor(red, green, blue)
    return red === green && red === blue ? red : null
  }
  const classOf = new Map<number, number>()
  const voids = new Set<number>([BLACK])
  for (const { color, isVoid } of file.entries) {
    const code = color && codeOf(color)
    if (isVoid && code !== null) voids.add(code)
  }
  for (const [id, { color }] of entries.entries()) {
    const code = color && codeOf(color)
    if (code === null || classOf.has(code)) continue
    classOf.set(code, id)
    voids.delete(code)
  }
  return {
    classes: entries.map((entry) => definition(entry, entry.value, null)),
    classOf,
    voids,
    source: `Colours are mapped by "${file.path}".`,
    notes: [],
    questions: [],
  }
}

/** Two levels are the two classes, or the background and the one class, that the file names. */
function byLevels({ file, codes }: Listing): ListedClasses | null {
  const entries = named(file)
  if (codes.view === 'colors' || entries.length === 0 || entries.length > 2) return null
  const levels = twoLevels(codes) ?? blurredLevels(codes)
  if (!levels) return null
  const classes = entries.map((entry) => definition(entry, entry.value, null))
  const both = classes.length === 2 ? classes : [levels.classes[0], classes[0]]
  return {
    ...levels,
    classes: both,
    source: `The masks are black and white: ${both.map(({ name }) => name).join(' and ')}, as "${file.path}" names them.`,
    questions: [],
  }
}

/** Values that count from 1: 0 is no line of the file. */
function fromOne({ file, codes, palette, answers }: Listing): ListedClasses | null {
  const entries = named(file)
  if (codes.view !== 'values' || file.entries.length !== entries.length) return null
  if (entries.some(({ isValueSaid }) => isValueSaid)) return null
  const main = codes.totals.filter((total) => !isRare(total, codes)).map(({ code }) => code)
  const ids = main.filter((code) => code !== IGNORE)
  if (ids.at(-1) !== entries.length || ids.some((code) => code > entries.length)) return null
  const hasZero = ids.includes(0)
  const answer = answers[ZERO_QUESTION] === 'void' ? 'void' : 'background'
  const isBackground = hasZero && answer === 'background'
  const first = isBackground ? 1 : 0
  const zero: ClassDefinition[] = isBackground ? [{ name: 'background', color: [60, 60, 60] }] : []
  const classOf = new Map(entries.map((_, line) => [line + 1, line + first]))
  if (isBackground) classOf.set(0, 0)
  return {
    classes: [...zero, ...entries.map((entry) => definition(entry, entry.value + 1, palette))],
    classOf,
    voids: new Set(isBackground ? [IGNORE] : [IGNORE, 0]),
    source: `Class names are from "${file.path}", by line.`,
    notes: [`The masks count from 1: its first line is 1${hasZero ? `, and 0 was taken for ${answer}` : ''}.`],
    questions: hasZero
      ? [
          {
            id: ZERO_QUESTION,
            question: `"${file.path}" names ${entries.length} classes, the masks hold 0 to ${entries.length}. What is 0?`,
            options: [
              { value: 'background', label: 'a class of its own, background' },
              { value: 'void', label: 'no class (void)' },
            ],
            answer,
          },
        ]
      : [],
  }
}

/** As many values as classes, far apart: the darkest is the first. */
function byRank({ file, codes }: Listing): ListedClasses | null {
  const entries = named(file)
  if (codes.view === 'colors' || entries.some(({ isValueSaid }) => isValueSaid)) return null
  const main = codes.totals.filter((total) => !isRare(total, codes)).map(({ code }) => code)
  if (main.length < 2 || main.length !== entries.length) return null
  if (main.some((code, i) => i > 0 && code - main[i - 1] < LEAST_STEP)) return null
  return {
    classes: entries.map((entry) => definition(entry, entry.value, null)),
    classOf: new Map(main.map((code, id) => [code, id])),
    voids: new Set(),
    source: `Class names are from "${file.path}", in the order of the masks' values ${main.join(', ')}.`,
    notes: [],
    questions: [],
  }
}
