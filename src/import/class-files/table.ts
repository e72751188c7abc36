/** Finds out which column of a table holds names, colours and values. */
import { colorOfChannels, colorOfText, plain, type RawEntry } from './names'
import { columnsOf, type Row } from './rows'

/** What a header may call each column, the most telling first. */
const NAME_HEADERS = [
  'name',
  'classname',
  'labelname',
  'categoryname',
  'names',
  'class',
  'label',
  'category',
  'classes',
].concat(['labels', 'title', 'object', 'klasse', 'desc', 'description'])
const VALUE_HEADERS = [
  'pixelvalue',
  'value',
  'id',
  'index',
  'idx',
  'classid',
  'labelid',
  'classindex',
  'grayvalue',
].concat(['greyvalue', 'gray', 'grey', 'pixel', 'number', 'no', 'code', 'trainid', 'class', 'label'])
const COLOR_HEADERS = [
  'color',
  'colour',
  'rgb',
  'hex',
  'colorrgb',
  'rgbcolor',
  'hexcolor',
  'colorcode',
  'hexcode',
].concat(['rgbvalue', 'rgbvalues', 'colors', 'colours', 'palette'])
const CHANNEL_HEADERS = [
  ['r', 'red'],
  ['g', 'green'],
  ['b', 'blue'],
]

interface Columns {
  name: number
  value: number | null
  /** One column with the whole colour, or three with a channel each. */
  color: number[]
}

export interface Table {
  entries: RawEntry[]
  /** Lines that say less than the others. */
  odd: string[]
  /** The table has colours, or a header that names its columns: no list of names looks like that by chance. */
  isTelling: boolean
  isHeaded: boolean
}

/** null when the rows are no table of classes. */
export function readTable(rows: readonly Row[]): Table | null {
  const headed = headerColumns(rows[0])
  const body = headed ? rows.slice(1) : [...rows]
  if (body.length === 0) return null
  const count = headed ? rows[0].length : columnsOf(body)
  const fitting = body.filter(({ length }) => length === count)
  const columns = headed ?? foundColumns(fitting, count)
  if (!columns) return null
  const odd: string[] = []
  const entries = body.map((cells) => {
    const row = withWholeName(cells, count, columns.name)
    const isShort = row.length < Math.max(columns.name, columns.value ?? 0, ...columns.color) + 1
    const name = row[columns.name] ?? row.join(' ')
    const color = isShort ? null : colorOf(row, columns)
    const value = columns.value === null || isShort ? null : wholeNumber(row[columns.value])
    const lacks = (columns.color.length > 0 && !color) || (columns.value !== null && value === null)
    if (lacks && row.some((cell) => cell !== '')) odd.push(row.join(', '))
    return { name: isShort ? row.filter((cell) => cell !== '').join(' ') : name, color, value }
  })
  return { entries, odd, isTelling: columns.color.length > 0 || headed !== null, isHeaded: headed !== null }
}

function wholeNumber(text: string): number | null {
  return /^-?\d+$/.test(text) ? Number(text) : null
}

function colorOf(row: Row, { color }: Columns) {
  // Only in a column of colours: "facade" is a name elsewhere.
  if (color.length === 1) return colorOfText(row[color[0]].replace(/^[0-9a-f]{6}$/i, '#$&'))
  return color.length === 3 ? colorOfChannels(color.map((column) => row[column])) : null
}

/** The columns that a header names; null when the row is none. */
function headerColumns(row: Row): Columns | null {
  const headers = row.map(plain)
  const taken = new Set<number>()
  const find = (names: readonly string[]) => {
    const found = names.map((name) => headers.indexOf(name)).find((column) => column >= 0 && !taken.has(column))
    if (found !== undefined) taken.add(found)
    return found ?? null
  }
  const name = find(NAME_HEADERS)
  if (name === null) return null
  const channels = CHANNEL_HEADERS.map(find)
  const color = channels.every((column) => column !== null) ? channels : [find(COLOR_HEADERS)]
  const value = find(VALUE_HEADERS)
  const colors = color.filter((column) => column !== null)
  return colors.length > 0 || value !== null ? { name, value, color: colors } : null
}

/** The columns by what they hold; null when they are no table of classes. */
function foundColumns(rows: readonly Row[], count: number): Columns | null {
  const all = (column: number, test: (cell: string) => boolean) => rows.every((row) => test(row[column] ?? ''))
  const kinds = Array.from({ length: count }, (_, column) => {
    if (all(column, (cell) => /^-?\d+$/.test(cell))) return 'n'
    if (all(column, (cell) => colorOfText(cell) !== null)) return 'c'
    return all(column, (cell) => cell === '') ? '' : 't'
  })
  const name = kinds.indexOf('t')
  if (name < 0 || kinds.lastIndexOf('t') !== name) return null
  const numbers = kinds.flatMap((kind, column) => (kind === 'n' ? [column] : []))
  const whole = kinds.indexOf('c')
  if (whole >= 0) return numbers.length > 1 ? null : { name, color: [whole], value: numbers[0] ?? null }
  const values = (column: number) => rows.map((row) => Number(row[column]))
  const isDistinct = (column: number) => new Set(values(column)).size === rows.length
  if (numbers.length === 1) return isIdColumn(rows, numbers[0], name) ? { name, color: [], value: numbers[0] } : null
  if (numbers.length === 3) return { name, color: numbers, value: null }
  if (numbers.length !== 4) return null
  // Four numbers: an id and a colour, in either order, or a colour with its alpha.
  const [first, , , last] = numbers
  const isAlpha = new Set(values(last)).size === 1 && (rows.length > 1 || values(last)[0] === 255)
  const isCounted = (column: number) => isDistinct(column) && Math.max(...values(column)) <= rows.length
  const isFirst = isDistinct(first) && !isAlpha && (isCounted(first) || !isCounted(last))
  if (isFirst || (isDistinct(first) && first + 1 < numbers[1])) {
    return { name, color: numbers.slice(1), value: first }
  }
  return { name, color: numbers.slice(0, 3), value: isDistinct(last) && !isAlpha ? last : null }
}

/** The row with a name's cells as one, where separators in the name make it longer than the others. */
function withWholeName(row: Row, count: number, name: number): Row {
  const filled = row.slice(0, Math.max(count, row.findLastIndex((cell) => cell !== '') + 1))
  const end = name + 1 + Math.max(0, filled.length - count)
  return [...filled.slice(0, name), filled.slice(name, end).join(', '), ...filled.slice(end)]
}

/** Whole numbers that tell the rows apart, beside names that do so alone: "lane 1, lane 2" are names. */
export function isIdColumn(rows: readonly Row[], column: number, name: number): boolean {
  const ids = new Set(rows.map((row) => Number(row[column])))
  const names = new Set(rows.map((row) => plain(row[name])))
  return ids.size === rows.length && names.size === rows.length
}
