/** Takes the lines of a class file apart into cells, whatever separates them. */
import { splitLines } from './text'

/** Cells of one line of a table. */
export type Row = string[]

const SEPARATORS = ['\t', ';', '|', ',']
/** Share of the lines that must have the cells of a table. */
const MOST_LINES = 2 / 3
const INTEGER = /^-?\d+$/
const HEX = /^(#[0-9a-f]{6}([0-9a-f]{2})?|0x[0-9a-f]{6})$/i

/** Whether a line is neither empty nor a comment; "#rrggbb name" is none. */
export function isContent(line: string): boolean {
  const text = line.trim()
  if (text === '' || text.startsWith('//')) return false
  return !text.startsWith('#') || /^#[0-9a-f]{6}([0-9a-f]{2})?([\s,;|]|$)/i.test(text)
}

export function contentLines(text: string): string[] {
  return splitLines(text)
    .filter(isContent)
    .map((line) => line.trim())
}

/** Every way to take the text apart into two or more columns, each with the rows that it gives. */
export function* tablesOf(text: string): Generator<{ rows: Row[]; isByBlanks: boolean }> {
  for (const separator of SEPARATORS) {
    if (!text.includes(separator)) continue
    const rows = quotedRows(text, separator)
    if (rows.length > 0 && columnsOf(rows) > 1) yield { rows, isByBlanks: false }
  }
  const rows = blankRows(contentLines(text))
  if (rows) yield { rows, isByBlanks: true }
}

/** Number of cells that most rows have; 1 where they do not agree. */
export function columnsOf(rows: readonly Row[]): number {
  const uses = new Map<number, number>()
  for (const { length } of rows) uses.set(length, (uses.get(length) ?? 0) + 1)
  const [columns, count] = [...uses].sort((a, b) => b[1] - a[1])[0]
  return count >= rows.length * MOST_LINES ? columns : 1
}

/** Rows of a table with quotes as in RFC 4180: a quoted cell may hold separators, doubled quotes and line ends. */
export function quotedRows(text: string, separator: string): Row[] {
  const rows: Row[] = []
  let row: Row = []
  let line = ''
  const cell = new RegExp(
    String.raw`[^\S\r\n\t]*(?:"((?:[^"]|"")*)"[^\S\r\n\t]*(?=[${separator}\r\n]|$)|([^${separator}\r\n]*))([${separator}]|\r\n?|\n|$)`,
    'gy',
  )
  for (const match of text.replace(/^\uFEFF/, '').matchAll(cell)) {
    const [whole, quoted, bare, end] = match
    row.push(quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"'))
    line += whole
    if (end === separator) continue
    if (isContent(line) && row.some((each) => each !== '')) rows.push(row)
    row = []
    line = ''
    if (end === '') break
  }
  return rows
}

/** Numbers and hexadecimal colours at either end of lines are cells of their own, what lies between them is a name. */
function blankRows(lines: readonly string[]): Row[] | null {
  const isCell = (word: string) => INTEGER.test(word) || HEX.test(word)
  const split = lines.map((line) => {
    const words = line.split(/[\s,]+/)
    const first = words.findIndex((word) => !isCell(word))
    const isBare = first < 0
    return {
      leading: isBare ? words.length : first,
      trailing: isBare ? 0 : words.toReversed().findIndex((word) => !isCell(word)),
    }
  })
  const common = (counts: number[]) => counts.toSorted((a, b) => b - a)[Math.ceil(counts.length * MOST_LINES) - 1] ?? 0
  const leading = Math.min(4, common(split.map((each) => each.leading)))
  const trailing = Math.min(4, common(split.map((each) => each.trailing)))
  if (leading + trailing === 0) return null
  const rows = cutRows(lines, leading, trailing)
  // "lane 1 128 64 128": the first of four numbers can be the end of a name.
  const ends = rows.filter(({ length }) => length > 1).map((row) => row.slice(-4))
  const isColumn = (column: number) => new Set(ends.map((row) => row[column])).size === ends.length
  const isAlpha = new Set(ends.map((row) => row[3])).size === 1
  const names = new Set(rows.map((row) => row[0]))
  if (leading > 0 || trailing < 4 || isAlpha) return rows
  return names.size === rows.length && (isColumn(0) || isColumn(3)) ? rows : cutRows(lines, 0, 3)
}

/** Rows with so many words before and behind the name; one cell where a line has fewer. */
function cutRows(lines: readonly string[], leading: number, trailing: number): Row[] {
  const head = String.raw`(\S+?)[\s,]+`.repeat(leading)
  const tail = String.raw`[\s,:]+([^\s,]+)`.repeat(trailing)
  const pattern = new RegExp(`^${head}(.+?)${tail}$`)
  return lines.map((line) => pattern.exec(line)?.slice(1).map(unquoted) ?? [line])
}

/** A name without the quotes around it. */
export function unquoted(text: string): string {
  const quoted = /^"((?:[^"]|"")*)"$|^'([^']*)'$/.exec(text)
  return quoted ? (quoted[1]?.replaceAll('""', '"') ?? quoted[2]) : text
}
