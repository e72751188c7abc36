/**
 * Finds out what the values of masks mean, from all masks of a folder together: a value in one mask never changes what
 * the others mean, and nothing is read in two ways without a sentence.
 */
import { type ClassDefinition, generatedColor } from '../../domain/classes'
import type { Color } from '../../domain/color'
import type { Answers, FileProblem, ImportQuestion } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import type { ClassEntry, ClassFile } from '../class-files/class-file'
import { type MaskCensus, MOST_CODES } from './census'
import { type FoundClasses, foundClasses } from './found'
import { listedClasses } from './listed'
import { type CodeMap, codeName, codesIn, leftOut, type MaskCodes } from './mask-codes'
import { palettesDiffer } from './palettes'
import { readMasks } from './read-masks'
import type { MaskReading, View } from './reading'
import { readByScheme, type Scheme } from './scheme'

export interface MaskEvidence {
  census: MaskCensus
  /** The class file that counts for this mask. */
  classFile: ClassFile | null
}

export interface Meaning {
  classes: ClassDefinition[]
  /** A sentence: which file, or what in the masks, says the classes. */
  source: string
  /** By mask path. A mask that is missing here is not used: `problems` says why. */
  readings: ReadonlyMap<string, MaskReading>
  /** Sentences: what was cut, mapped or taken for void. */
  notes: string[]
  problems: FileProblem[]
  questions: ImportQuestion[]
}

/** Masks in colours among those of values are mistakes when they are fewer than this share. */
const LEAST_COLORED = 0.2
/** Values above a byte that stand for classes are few; ids of single objects are many. */
const MOST_WIDE = 64

export function findMeaning(masks: readonly MaskEvidence[], scheme: Scheme | null, answers: Answers): Meaning {
  const censuses = masks.map(({ census }) => census)
  const files = [...new Set(masks.flatMap(({ classFile }) => classFile ?? []))]
  const known = scheme && readByScheme(censuses, scheme, files)
  if (scheme && known) {
    const { readings, problems } = known
    const source = `The classes are those of ${scheme.name}.`
    return { classes: scheme.classes, source, readings, notes: [], problems, questions: [] }
  }
  const groups = files.length > 1 ? [...files, null] : [files[0] ?? null]
  const meanings = groups.flatMap((file) => {
    const members = masks.filter(({ classFile }) => files.length < 2 || classFile === file).map(({ census }) => census)
    return members.length > 0 || files.length < 2 ? [meaningOf(members, file, answers)] : []
  })
  const meaning = meanings.length === 1 ? meanings[0] : mergedByName(meanings)
  if (!scheme) return meaning
  const note = `The folder is laid out like ${scheme.name}, but its masks or class file say other classes.`
  return { ...meaning, notes: [note, ...meaning.notes] }
}

/** The meaning of masks for which the same file, or none, says the classes. */
function meaningOf(all: readonly MaskCensus[], file: ClassFile | null, answers: Answers): Meaning {
  const problems: FileProblem[] = []
  const usable = all.filter((census) => isUsable(census, problems))
  const { view, masks, notes } = chooseView(usable, file, problems)
  const codes = codesIn(view, masks)
  const palette = view === 'values' ? (masks.find((census) => census.palette)?.palette ?? null) : null
  if (masks.length === 0) return withoutMasks(file, problems)
  const questions: ImportQuestion[] = []
  let found: FoundClasses | null
  if (file && file.entries.length > 0) {
    const listing = { file: view === 'colors' ? withPaletteColors(file, masks, notes) : file, codes, palette, answers }
    const listed = listedClasses(listing)
    questions.push(...listed.questions)
    found = listed
  } else found = foundClasses(codes, palette)
  if (!found) {
    problems.push(...masks.map((census) => tooMany(census, view)))
    return {
      classes: [],
      source: 'The masks hold no classes that could be told apart.',
      readings: new Map(),
      notes,
      problems,
      questions,
    }
  }
  const read = readMasks(codes, found, found.classes.length, found.mostUnknown)
  return {
    classes: found.classes,
    source: found.source,
    readings: read.readings,
    notes: [...notes, ...transparency(masks, view), ...blackNote(codes, found), ...found.notes],
    problems: [...problems, ...read.problems],
    questions,
  }
}

function isUsable({ path, counts, isOverflowing, kind }: MaskCensus, problems: FileProblem[]): boolean {
  if (isOverflowing) {
    const what = `holds more than ${MOST_CODES} different ${kind === 'color' ? 'colours' : 'values'}; a label map has one for each class`
    problems.push(
      leftOut(path, what, 'Export the mask without smoothing or compression loss, or say that it is an image.'),
    )
    return false
  }
  const wide = [...counts.keys()].filter((code) => kind !== 'color' && code > 255)
  if (wide.length <= MOST_WIDE) return true
  const what = `is a 16-bit PNG with ${wide.length} values above 255: numbers of single objects, which are no classes`
  problems.push(leftOut(path, what, 'Export semantic masks: 8-bit PNGs of class ids.'))
  return false
}

interface ChosenView {
  view: View
  masks: MaskCensus[]
  notes: string[]
}

/** Opacities where nothing else differs, colours where values cannot tell classes apart, else values. */
function chooseView(censuses: readonly MaskCensus[], file: ClassFile | null, problems: FileProblem[]): ChosenView {
  const masks = [...censuses]
  if (masks.some(({ alpha }) => alpha) && masks.every(({ isPlain }) => isPlain)) {
    return { view: 'alpha', masks, notes: ['The masks are of one colour: they were read by their alpha channel.'] }
  }
  const colored = masks.filter(({ kind }) => kind === 'color')
  if (colored.length > 0 && colored.length >= LEAST_COLORED * masks.length) return { view: 'colors', masks, notes: [] }
  for (const { path } of colored) {
    const what = 'is a colour PNG, but most masks of this folder hold class ids'
    problems.push(leftOut(path, what, 'Save it as an 8-bit grey or palette PNG of class ids.'))
  }
  const rest = masks.filter(({ kind }) => kind !== 'color')
  if (palettesDiffer(rest)) {
    const note = 'The palettes of the masks differ from file to file: classes are told apart by colour, not by index.'
    return { view: 'colors', masks: rest, notes: [note] }
  }
  if (file && isListedByColor(rest, file)) return { view: 'colors', masks: rest, notes: [] }
  return { view: 'values', masks: rest, notes: [] }
}

/** Whether palettes hold the file's colours in another order than its lines. */
function isListedByColor(masks: readonly MaskCensus[], { entries }: ClassFile): boolean {
  const listed = new Map(entries.flatMap(({ color, value }) => (color ? [[String(color), value] as const] : [])))
  if (listed.size === 0 || !masks.some(({ palette }) => palette)) return false
  let isInPlace = true
  for (const { counts, palette } of masks) {
    for (const value of counts.keys()) {
      const color = palette?.[value]
      if (!color || value === IGNORE) continue
      const line = entries.find((entry) => entry.value === value)
      if (line?.color && String(line.color) === String(color)) continue
      isInPlace = false
      if (!listed.has(String(color)) && String(color) !== '0,0,0') return false
    }
  }
  return !isInPlace
}

/**
 * Names without colours are of indices: where palettes differ, the palette of most masks says the colour of each.
 */
function withPaletteColors(file: ClassFile, masks: readonly MaskCensus[], notes: string[]): ClassFile {
  if (file.entries.some(({ color }) => color)) return file
  const uses = new Map<string, { palette: readonly Color[]; count: number }>()
  for (const { palette } of masks) {
    if (!palette) continue
    const use = uses.get(String(palette)) ?? { palette, count: 0 }
    use.count++
    uses.set(String(palette), use)
  }
  const most = [...uses.values()].sort((a, b) => b.count - a.count)[0]
  if (!most) return file
  notes.push(`"${file.path}" names no colours: its lines are the indices of the palette that ${most.count} masks have.`)
  return { ...file, entries: file.entries.map((entry) => ({ ...entry, color: most.palette[entry.value] ?? null })) }
}

function withoutMasks(file: ClassFile | null, problems: FileProblem[]): Meaning {
  const entries: ClassEntry[] = file?.entries.filter(({ isVoid }) => !isVoid) ?? []
  const classes = entries.map(({ name, color }, id) => ({ name, color: color ?? generatedColor(id) }))
  const source = file && classes.length > 0 ? `Class names are from "${file.path}".` : ''
  return { classes, source, readings: new Map(), notes: [], problems, questions: [] }
}

function tooMany({ path, counts, kind }: MaskCensus, view: View): FileProblem {
  const what = view === 'colors' || kind === 'color' ? 'colours' : 'greys'
  return leftOut(
    path,
    `holds ${counts.size} different ${what}, between which classes cannot be told apart`,
    'Export the masks without smoothing or compression loss, or add a class file that lists their values or colours.',
  )
}

function transparency(masks: readonly MaskCensus[], view: View): string[] {
  if (view === 'alpha' || !masks.some(({ alpha }) => alpha?.has(0))) return []
  return ['Where the masks are transparent they were read as black.']
}

/** Black that no line of a class file means. */
function blackNote({ view, totals, pixels }: MaskCodes, { classOf }: CodeMap): string[] {
  const black = totals.find(({ code }) => code === 0)
  if (view !== 'colors' || !black || classOf.has(0)) return []
  const percent = Math.round((1000 * black.pixels) / pixels) / 10
  return [`Black ${codeName(0, view)}, ${percent} % of the pixels, is no class of the list and was taken for void.`]
}

/** One list of classes from those of several files: equal names are one class. */
function mergedByName(meanings: readonly Meaning[]): Meaning {
  const classes: ClassDefinition[] = []
  const readings = new Map<string, MaskReading>()
  for (const meaning of meanings) {
    const ids = meaning.classes.map((definition) => {
      const found = classes.findIndex(({ name }) => name === definition.name)
      return found >= 0 ? found : classes.push(definition) - 1
    })
    const idOf = (id: number) => (id === IGNORE ? IGNORE : ids[id])
    for (const [path, { view, codes, pixels }] of meaning.readings) {
      readings.set(path, {
        view,
        codes: new Map([...codes].map(([code, id]) => [code, idOf(id)])),
        pixels: new Map([...pixels].map(([id, count]) => [idOf(id), count])),
      })
    }
  }
  return {
    classes,
    source: 'Several files name the classes, each for the masks beside it; equal names are one class.',
    readings,
    notes: meanings.flatMap(({ notes }) => notes),
    problems: meanings.flatMap(({ problems }) => problems),
    questions: meanings.flatMap(({ questions }) => questions),
  }
}
