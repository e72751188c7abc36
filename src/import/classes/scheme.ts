/** Whether the masks are those of a known dataset, in whose form their folder lies. */
import type { ClassDefinition } from '../../domain/classes'
import { IGNORE } from '../../domain/labels'
import type { ClassFile } from '../class-files/class-file'
import type { MaskCensus } from './census'
import type { MaskCoding } from './known'
import { codesIn } from './mask-codes'
import { type ReadMasks, readMasks } from './read-masks'
import type { View } from './reading'

/** The classes of a known dataset, and how its masks say them. */
export interface Scheme {
  name: string
  classes: ClassDefinition[]
  codingOf(path: string): MaskCoding
  /** The names are the dataset's own, or a person has chosen it. */
  isCertain: boolean
  isChosen: boolean
}

/** Other masks of the dataset's own images have other classes: its 32 of CamVid, say. */
const LEAST_FITTING = 0.5
/** Share of the pixels that have a class in masks of street scenes; own ids would be void to the known scheme. */
const LEAST_CLASSED = 0.5

/** The masks read by the scheme; null when it is not to be believed. */
export function readByScheme(
  censuses: readonly MaskCensus[],
  scheme: Scheme,
  classFiles: readonly ClassFile[],
): ReadMasks | null {
  if (!scheme.isChosen && classFiles.some((file) => !namesClasses(file, scheme.classes))) return null
  const read = byCoding(censuses, scheme)
  if (scheme.isChosen) return read
  const fits = read.readings.size > LEAST_FITTING * censuses.length
  if (scheme.isCertain) return fits ? read : null
  if (read.readings.size < censuses.length) return null
  return classFiles.length > 0 || classedShare(read) >= LEAST_CLASSED ? read : null
}

/** Masks of one coding at a time. */
function byCoding(censuses: readonly MaskCensus[], { codingOf, classes }: Scheme): ReadMasks {
  const groups = new Map<MaskCoding, MaskCensus[]>()
  for (const census of censuses) {
    const coding = codingOf(census.path)
    groups.set(coding, [...(groups.get(coding) ?? []), census])
  }
  const all: ReadMasks = { readings: new Map(), problems: [] }
  for (const [{ coding, known }, members] of groups) {
    const view: View = coding.kind === 'color' ? 'colors' : 'values'
    const usable = members.filter(({ kind }) => view === 'colors' || kind !== 'color')
    const codes = codesIn(view, usable)
    const classOf = new Map(
      coding.kind === 'color'
        ? coding.entries.map(([red, green, blue, id]) => [(red << 16) | (green << 8) | blue, id])
        : coding.table.flatMap((id, value): [number, number][] => (id === IGNORE ? [] : [[value, id]])),
    )
    const voids = known ?? new Set(codes.totals.map(({ code }) => code))
    const { readings, problems } = readMasks(codes, { classOf, voids }, classes.length)
    for (const [path, reading] of readings) all.readings.set(path, reading)
    all.problems.push(...problems)
    for (const { path } of members.filter((member) => !usable.includes(member))) {
      all.problems.push({
        path,
        problem: `The mask "${path}" is a colour PNG, but the masks of this dataset hold class ids; it was left out.`,
        remedy: 'Save it as an 8-bit grey or palette PNG of class ids.',
      })
    }
  }
  return all
}

function classedShare({ readings }: ReadMasks): number {
  let [classed, all] = [0, 0]
  for (const { pixels } of readings.values()) {
    for (const [id, count] of pixels) {
      all += count
      if (id !== IGNORE) classed += count
    }
  }
  return all > 0 ? classed / all : 0
}

/** Whether the file lists these classes, in their order; void aside. */
function namesClasses({ entries }: ClassFile, classes: readonly ClassDefinition[]): boolean {
  const names = entries.filter(({ isVoid }) => !isVoid).map(({ name }) => name.toLowerCase())
  return names.length === classes.length && names.every((name, id) => name === classes[id].name.toLowerCase())
}
