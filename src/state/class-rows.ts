/** Classes as rows of a form that renames, recolours, moves and adds them. */
import type { ClassDefinition, ListedClass } from '../domain/classes'
import { generatedColor } from '../domain/classes'
import { type Color, colorOfHex, hexColor } from '../domain/color'

export interface ClassRow {
  /** The class's number in masks, which never changes. */
  id: number
  name: string
  /** "#rrggbb". */
  color: string
}

/** The rows with a new class at the end. Without a colour it gets one that no other row has. */
export function withClass(rows: readonly ClassRow[], { name, color }: ListedClass): ClassRow[] {
  return [...rows, { id: rows.length, name, color: hexColor(color ?? freeColor(rows)) }]
}

/** The rows without a class that no mask has yet; the numbers of later classes go down by one. */
export function withoutClass(rows: readonly ClassRow[], id: number): ClassRow[] {
  return rows.filter((row) => row.id !== id).map((row) => (row.id > id ? { ...row, id: row.id - 1 } : row))
}

/** Euclidean distance in RGB below which two colours count as the same. */
const LEAST_DISTANCE = 48
const CANDIDATES = 64

/** A generated colour that is not near any row's, if there is one. */
function freeColor(rows: readonly ClassRow[]): Color {
  const taken = rows.map(({ color }) => colorOfHex(color))
  const isFree = (color: Color) =>
    taken.every((other) => Math.hypot(...color.map((channel, i) => channel - other[i])) >= LEAST_DISTANCE)
  const candidates = Array.from({ length: CANDIDATES }, (_, i) => generatedColor((rows.length + i) % CANDIDATES))
  return candidates.find(isFree) ?? generatedColor(rows.length)
}

/** The rows with a file's classes: a row of the same name takes the file's colour, if it gives one; the other classes are added. */
export function withListed(rows: readonly ClassRow[], listed: readonly ListedClass[]): ClassRow[] {
  let merged = [...rows]
  for (const each of listed) {
    const { color } = each
    const isKnown = merged.some(({ name }) => name.trim() === each.name)
    if (!isKnown) merged = withClass(merged, each)
    else if (color)
      merged = merged.map((row) => (row.name.trim() === each.name ? { ...row, color: hexColor(color) } : row))
  }
  return merged
}

/** The rows' classes in the order of their numbers. */
export function classesOf(rows: readonly ClassRow[]): ClassDefinition[] {
  return rows
    .toSorted((a, b) => a.id - b.id)
    .map(({ name, color }) => ({ name: name.trim(), color: colorOfHex(color) }))
}
