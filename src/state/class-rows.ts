/** Classes as rows of a form, to be renamed, recoloured, moved and added. */
import type { ClassDefinition, ListedClass } from '../domain/classes'
import { generatedColor } from '../domain/classes'
import { type Color, colorOfHex, hexColor } from '../domain/color'

export interface ClassRow {
  /** The number of the class in masks: never changes. */
  id: number
  name: string
  /** "#rrggbb", as colour inputs have it. */
  color: string
}

/** The rows with a new one, in a colour of its own where none is given. */
export function withClass(rows: readonly ClassRow[], { name, color }: ListedClass): ClassRow[] {
  return [...rows, { id: rows.length, name, color: hexColor(color ?? freeColor(rows)) }]
}

/** The rows without one that no mask has yet; numbers behind it close up. */
export function withoutClass(rows: readonly ClassRow[], id: number): ClassRow[] {
  return rows.filter((row) => row.id !== id).map((row) => (row.id > id ? { ...row, id: row.id - 1 } : row))
}

/** Nearer colours, as distances of red, green and blue go, are taken for one another. */
const LEAST_DISTANCE = 48
const CANDIDATES = 64

/** A generated colour that none of the rows has or comes near, where there is one. */
function freeColor(rows: readonly ClassRow[]): Color {
  const taken = rows.map(({ color }) => colorOfHex(color))
  const isFree = (color: Color) =>
    taken.every((other) => Math.hypot(...color.map((channel, i) => channel - other[i])) >= LEAST_DISTANCE)
  const candidates = Array.from({ length: CANDIDATES }, (_, i) => generatedColor((rows.length + i) % CANDIDATES))
  return candidates.find(isFree) ?? generatedColor(rows.length)
}

/** The rows after a file was read: what has the same name takes the file's colour, where it gives one; the rest is new. */
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

/** The classes by number, with their names as they were typed. */
export function classesOf(rows: readonly ClassRow[]): ClassDefinition[] {
  return rows
    .toSorted((a, b) => a.id - b.id)
    .map(({ name, color }) => ({ name: name.trim(), color: colorOfHex(color) }))
}
