/** Makes classes that can be told apart of what a file lists, with a sentence for each that could not. */
import { type Color, hexColor } from '../../domain/color'
import type { FileProblem } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import { type ClassEntry, isBackgroundName, isVoidName, oneLine, type RawEntry } from './names'

const BLACK = '0,0,0'

/**
 * @param raw in the order of the file, by which values count that it does not say
 * @param odd lines that were not wholly understood
 * @param isOwn no name means void
 */
export function tidy(path: string, raw: readonly RawEntry[], odd: readonly string[], isOwn: boolean) {
  const problems: FileProblem[] = []
  const say = (problem: string, remedy: string) => problems.push({ path, problem, remedy })
  // Many classes of one value: Cityscapes' table says so which of them are not learned.
  const areLeftOut = raw.filter(({ value }) => value === IGNORE).length > 1
  const named = raw.map(({ name, color, value }, position): ClassEntry => {
    const line = oneLine(name)
    const isVoid = !isOwn && (isVoidName(line) || (areLeftOut && value === IGNORE))
    return { name: line, color, isVoid, value: value ?? position, isValueSaid: value !== null }
  })
  const distinct = withDistinctNames(
    path,
    named.filter(({ name }) => name !== ''),
    say,
  )
  const entries = withDistinctColors(path, distinct, say)
  const values = new Map<number, string>()
  for (const { name, value, isValueSaid, isVoid } of entries) {
    const other = values.get(value)
    if (isValueSaid && other !== undefined && !isVoid) {
      say(`"${path}" gives "${other}" and "${name}" the same value, ${value}.`, 'Give each class a value of its own.')
    }
    if (isValueSaid) values.set(value, other ?? name)
  }
  if (odd.length > 0) {
    const more = odd.length > 1 ? ` and ${odd.length - 1} more` : ''
    say(
      `In "${path}", "${oneLine(odd[0]).slice(0, 60)}"${more} does not say all that the other lines say.`,
      'Correct it if a class, a colour or a value is missing; the other lines count.',
    )
  }
  return { entries, problems }
}

type Say = (problem: string, remedy: string) => void

/** Entries of one name are one where their colours are equal, too; else the later ones get a number. */
function withDistinctNames(path: string, entries: readonly ClassEntry[], say: Say): ClassEntry[] {
  const kept: ClassEntry[] = []
  const names = new Set(entries.map(({ name }) => name))
  const taken = new Map<string, ClassEntry>()
  for (const entry of entries) {
    const { name, color, value } = entry
    const first = entry.isVoid ? undefined : taken.get(name)
    if (!first) {
      kept.push(entry)
      taken.set(name, entry)
    } else if (entry.isValueSaid ? first.value === value : color && String(color) === String(first.color)) {
      say(`"${path}" lists "${name}" more than once; it is one class.`, 'Remove the line that is too many.')
    } else {
      let number = 2
      while (names.has(`${name} (${number})`)) number++
      const other = `${name} (${number})`
      names.add(other)
      kept.push({ ...entry, name: other })
      say(`"${path}" gives two classes the name "${name}"; the later one is called "${other}".`, 'Rename one of them.')
    }
  }
  return kept
}

/**
 * Of entries with one colour, the first that is no void keeps it. Black that several share stays void, unless it is the
 * background's.
 */
function withDistinctColors(path: string, entries: readonly ClassEntry[], say: Say): ClassEntry[] {
  const groups = new Map<string, ClassEntry[]>()
  for (const entry of entries) {
    if (entry.color) groups.set(String(entry.color), [...(groups.get(String(entry.color)) ?? []), entry])
  }
  const losers = new Set<ClassEntry>()
  for (const [key, group] of groups) {
    const classes = group.filter(({ isVoid }) => !isVoid)
    if (group.length < 2 || classes.length === 0) continue
    const taker = key === BLACK ? classes.find(({ name }) => isBackgroundName(name)) : classes[0]
    for (const entry of taker ? group : classes) if (entry !== taker) losers.add(entry)
    const names = group.map(({ name }) => `"${name}"`)
    const color = group[0].color ?? ([0, 0, 0] satisfies Color)
    say(
      `"${path}" gives ${names.slice(0, -1).join(', ')} and ${names.at(-1)} the same colour, ${hexColor(color)} ` +
        `(${color.join(', ')}): in colour masks its pixels ${taker ? `are "${taker.name}"` : 'stay unlabelled'}.`,
      'Give each class a colour of its own, in the masks and in this file, if they should be told apart.',
    )
  }
  return entries.map((entry) => (losers.has(entry) ? { ...entry, color: null } : entry))
}
