/** Class names, colours and values from the files that tools write beside their masks. */
import { hexColor } from '../../domain/color'
import type { FileProblem } from '../../domain/dataset'
import { tidy } from './check-entries'
import { jsonClasses } from './json-classes'
import { type ClassEntry, colorOfText, oneLine, plain, type RawEntry } from './names'
import { contentLines, type Row, tablesOf, unquoted } from './rows'
import { isSplitList } from './split-lists'
import { isIdColumn, readTable } from './table'
import { yamlNames } from './yaml-names'

export type { ClassEntry } from './names'

export interface ClassFile {
  path: string
  /** Empty when the file lists no classes. labelme's `__ignore__` (id -1) is not among them. */
  entries: ClassEntry[]
  problems: FileProblem[]
  /** `classes.json` of an export: its values and names mean what they say. */
  isOwn?: boolean
}

interface Found {
  entries: RawEntry[]
  /** Lines that were not understood, or not wholly. */
  odd: string[]
  isOwn: boolean
  /** Whether any file with such content is taken for a class file, whatever its name. */
  isTelling: boolean
}

/** Names of class files, without extension, capitals and dashes: the most telling first. */
const STEMS = ['labelmap', 'labelcolors', 'labelcolor', 'labelscolors', 'classdict', 'classdictseg', 'classcolors']
  .concat(['classcolor', 'colormap', 'colourmap', 'palette', 'colors', 'colours', 'legend', 'classmap', 'classmapping'])
  .concat(['dataset', 'classes', 'labels', 'classnames', 'labelnames', 'classname', 'labelname', 'class', 'label'])
  .concat(['classlist', 'labellist', 'names', 'objectnames', 'objectinfo150', 'categories', 'categorynames', 'obj'])
  .concat(['coco', 'voc', 'data'])
const CLASS_EXTENSION = /\.(txt|csv|tsv|json|names|ya?ml)$/i
/** Extensions that the stem alone must bear out. */
const STEM_EXTENSIONS: Record<string, RegExp> = {
  dataset: /\.(json|ya?ml)$/i,
  data: /\.ya?ml$/i,
  coco: /\.(names|ya?ml)$/i,
  voc: /\.(names|ya?ml)$/i,
  obj: /\.names$/i,
}
const OWN_FILE = 'classes.json'
/** Files that describe a folder, or list other things. */
const OTHER_FILE = /^(readme|licen[cs]e|requirements|changelog|notes?|package|about|info|citation)|\.md$/i
/** Folders from the top in which files of any name are looked into, and the most of them in one folder. */
const NEAR_TOP = 2
const MOST_UNNAMED = 4
const LONGEST_NAME = 200
/** Percentages and counts of a few things do not go beyond. */
const LARGEST_COUNT = 127
const FILE_NAME = /\.(jpe?g|png|bmp|tiff?|webp|gif|txt|xml|json|npy|py)$/i
const IGNORED_NAME = '__ignore__'

/**
 * The paths that may be class files, the nearest to the top and most telling first. Those whose names do not tell come
 * last of their folders' depth, and count only when `parseClassFile` finds entries.
 */
export function findClassFiles(paths: readonly string[]): string[] {
  const unnamed = new Map<string, number>()
  for (const path of paths.filter(isUnnamed)) unnamed.set(folderOf(path), (unnamed.get(folderOf(path)) ?? 0) + 1)
  const depth = (path: string) => path.split('/').length
  return paths
    .filter((path) => isNamed(path) || (isUnnamed(path) && (unnamed.get(folderOf(path)) ?? 0) <= MOST_UNNAMED))
    .sort((a, b) => depth(a) - depth(b) || rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
}

/** The path of the class file whose name tells most, the nearest to the top first; null when there is none. */
export function findClassFile(paths: readonly string[]): string | null {
  return findClassFiles(paths).find(isNamed) ?? null
}

/**
 * The class file that counts for a mask: the nearest of the folders above it; else, and where all say the same, the
 * first. `classFiles` are in the order of `findClassFiles`; those without entries do not count.
 */
export function classFileFor(maskPath: string, classFiles: readonly ClassFile[]): ClassFile | null {
  const listed = classFiles.filter(({ entries }) => entries.length > 0)
  const saying = ({ entries }: ClassFile) => JSON.stringify(entries)
  if (listed.every((file) => saying(file) === saying(listed[0]))) return listed[0] ?? null
  const above = listed.filter(({ path }) => maskPath.startsWith(folderOf(path)))
  const nearest = Math.max(...above.map(({ path }) => folderOf(path).length))
  return above.find(({ path }) => folderOf(path).length === nearest) ?? listed[0]
}

/**
 * Reads a file of any tool, by the kind that fits all of its lines: tables (of CVAT, CamVid, class_dict.csv, Roboflow),
 * names, JSON, or the names of a YAML file. Without entries when it lists no classes: so is a file whose name says
 * nothing and whose content leaves a doubt. `isChosen`: a person says that it is a class file.
 */
export function parseClassFile(path: string, text: string, isChosen = false): ClassFile {
  const isAnyName = isChosen || isNamed(path)
  const document = jsonOf(path, text)
  if (document === undefined && /\.json$/i.test(path)) {
    return { path, entries: [], problems: isAnyName ? [notJson(path)] : [] }
  }
  const found = document === undefined ? textClasses(path, text) : jsonFound(document)
  if (!isAnyName && !(found.isTelling && found.odd.length === 0)) return { path, entries: [], problems: [] }
  const isCounted = ({ name, value }: RawEntry) => found.isOwn || (name.trim() !== IGNORED_NAME && (value ?? 0) >= 0)
  const counted = found.entries.filter(isCounted)
  if (!areNames(counted)) return { path, entries: [], problems: [] }
  return { path, ...tidy(path, counted, found.odd, found.isOwn), isOwn: found.isOwn }
}

/** undefined when a text is no JSON. Python's lists in single quotes are read alike. */
function jsonOf(path: string, text: string): unknown {
  const trimmed = text.replace(/^\uFEFF/, '').trim()
  if (!/\.json$/i.test(path) && !/^([[{])\s*["'{[\]}]/.test(trimmed)) return undefined
  for (const candidate of [trimmed, trimmed.replaceAll("'", '"')]) {
    try {
      return JSON.parse(candidate)
    } catch {
      // The next candidate, or none: the text is something else.
    }
  }
  return undefined
}

function jsonFound(document: unknown): Found {
  const { entries, regions, ...rest } = jsonClasses(document)
  return { entries, odd: regions, ...rest }
}

export function notJson(path: string): FileProblem {
  return { path, problem: `"${path}" is not valid JSON.`, remedy: 'Export it again.' }
}

function textClasses(path: string, text: string): Found {
  const unsure = { odd: [], isOwn: false, isTelling: false }
  if (/\.ya?ml$/i.test(path)) return { entries: yamlNames(text), ...unsure }
  const lines = contentLines(text)
  const cvat = cvatClasses(lines)
  if (cvat) return cvat
  for (const { rows, isByBlanks } of tablesOf(text)) {
    const table = readTable(rows)
    if (table && (table.isTelling || !isByBlanks || isCounted(table.entries))) {
      const colors = table.entries.map(({ color }) => color)
      // Without a header, three small numbers can be anything.
      const isPlain = table.isHeaded || colors.some((color) => color && Math.max(...color) > LARGEST_COUNT)
      return { ...table, isOwn: false, isTelling: isPlain && colors.length > 1 && colors.every((color) => color) }
    }
  }
  const palette = lines.flatMap((line) => colorOfText(line) ?? [])
  const isPalette = lines.length > 0 && palette.length === 3 * lines.length
  const numbered = isPalette ? unnamedColors(lines) : numberedNames(lines)
  return { entries: numbered ?? plainNames(path, lines), ...unsure }
}

/** Colours without names are named by themselves. */
function unnamedColors(lines: readonly string[]): RawEntry[] {
  return lines.map((line) => {
    const color = colorOfText(line)
    return { name: color ? hexColor(color) : line, color, value: null }
  })
}

/** Ids that count from -1, 0 or 1: other numbers beside names are parts of them ("2 wheeler"). */
function isCounted(entries: readonly RawEntry[]): boolean {
  const least = Math.min(...entries.map(({ value }) => value ?? Number.NaN))
  return least >= -1 && least <= (entries.length > 1 ? 1 : 0)
}

/** `name:r,g,b:parts:actions`, each but the name may be empty; null when it is not the form of most lines. */
function cvatClasses(lines: readonly string[]): Found | null {
  const form = /^(.*?)\s*[:=]\s*(?:([[(]?\d+\s*,\s*\d+\s*,\s*\d+[\])]?|#[\da-f]{6})\s*)?((?::[^:]*){0,2})$/i
  const matches = lines.map((line) => {
    const match = form.exec(line)
    return match && (match[2] || /^:.*:/.test(match[3])) ? match : null
  })
  if (matches.filter((match) => match).length * 2 < Math.max(1, lines.length)) return null
  const entries = matches.map((match, i): RawEntry => {
    return { name: match?.[1] ?? lines[i].replace(/:+$/, ''), color: colorOfText(match?.[2] ?? ''), value: null }
  })
  const odd = matches.flatMap((match, i) => (match?.[2] && !entries[i].color ? [lines[i]] : []))
  const isTelling = entries.length > 1 && entries.every(({ color }) => color)
  return { entries, odd, isOwn: false, isTelling }
}

/** `0: background`, `0 = background`, `0. background` or `background: 0`, where all lines agree. */
function numberedNames(lines: readonly string[]): RawEntry[] | null {
  const forms = [/^\[?(-?\d+)\]?\s*(?:[:=)]|\.\s|\s-\s|[-=]>)\s*(.+)$/, /^(.+?)\s*(?:[:=]|[-=]>)\s*(-?\d+)$/]
  for (const [place, form] of forms.entries()) {
    const rows = lines.map((line) => form.exec(line)?.slice(1, 3)).filter((row): row is Row => row !== undefined)
    if (rows.length === 0 || rows.length < lines.length || !isIdColumn(rows, place, 1 - place)) continue
    return rows.map((row) => ({ name: unquoted(row[1 - place]), color: null, value: Number(row[place]) }))
  }
  return null
}

function plainNames(path: string, lines: readonly string[]): RawEntry[] {
  const isSpreadsheet = /\.(csv|tsv)$/i.test(path)
  const isHeader =
    isSpreadsheet &&
    /^(name|names|class|classes|classname|label|labels|labelname|category)$/.test(plain(lines[0] ?? ''))
  const [only] = lines
  const names =
    lines.length === 1 && /^[^"]*,[^"]*$/.test(only) ? only.split(',').filter((name) => name.trim() !== '') : lines
  const isDashed = names.every((name) => /^[-*•]\s/.test(name))
  return names.slice(isHeader ? 1 : 0).map((name) => ({
    name: unquoted((isDashed ? name.slice(1) : name).trim()).replace(/:+$/, ''),
    color: null,
    value: null,
  }))
}

/** Whether these can be names: not paths of files, and not sentences. */
function areNames(entries: readonly RawEntry[]): boolean {
  const files = entries.filter(({ name }) => FILE_NAME.test(name)).length
  return files * 2 <= entries.length && entries.every(({ name }) => oneLine(name).length <= LONGEST_NAME)
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

function fileOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function stemOf(path: string): string {
  return plain(fileOf(path).replace(CLASS_EXTENSION, ''))
}

function isNamed(path: string): boolean {
  return rankOf(path) < STEMS.length
}

/** Place of a file's name among those of class files; `STEMS.length` for any other. */
function rankOf(path: string): number {
  if (fileOf(path).toLowerCase() === OWN_FILE) return -1
  if (!CLASS_EXTENSION.test(path)) return STEMS.length
  const stem = stemOf(path)
  const rank = STEMS.indexOf(stem)
  if (rank >= 0 && (STEM_EXTENSIONS[stem]?.test(path) ?? true)) return rank
  return /\.names$/i.test(path) ? STEMS.length - 1 : STEMS.length
}

/** Whether a file's content alone may say that it lists classes. */
function isUnnamed(path: string): boolean {
  if (isNamed(path) || isSplitList(path) || OTHER_FILE.test(fileOf(path)) || path.split('/').length > NEAR_TOP)
    return false
  return /\.(txt|csv|tsv|json)$/i.test(path)
}
