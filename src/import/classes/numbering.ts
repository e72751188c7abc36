/** Which values the names of a class file stand for, where it does not say them. */
import type { ClassDefinition } from '../../domain/classes'
import type { ImportQuestion } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import type { ClassEntry, ClassFile } from '../class-files/class-file'
import { isBackgroundName } from '../class-files/names'
import { countOf } from '../layouts/paths'
import { areSparse } from './found'
import { freeName, percent, totalShare } from './sentences'
import type { Listing, Rule } from './types'

/** Levels of grey in the order of the names, where there are as many of both. */
export function ranking(codes: readonly number[], { file }: Listing, kept: readonly ClassEntry[]) {
  const entries = codes.length === file.entries.length ? file.entries : codes.length === kept.length ? kept : null
  const isLevels = areSparse(codes.filter((code) => code !== IGNORE))
  if (!isLevels) return null
  if (!entries) return evenRanking(codes, file)
  return (classes: ClassDefinition[], idOf: (entry: ClassEntry) => number): Rule => {
    const ids = new Map(codes.map((code, rank) => [code, idOf(entries[rank])]))
    const source = `Class names are from "${file.path}", in the order of the values ${codes.join(', ')}.`
    return { classes, source, ids, cut: null, notes: [], questions: [] }
  }
}

/** Levels of even steps, as many as there are names, of which some do not occur. */
function evenRanking(codes: readonly number[], { entries, path }: ClassFile) {
  const step = (codes.at(-1) ?? 0) / (entries.length - 1)
  const rankOf = (code: number) => Math.round(code / step)
  if (codes.length < 3 || step < 16 || codes.some((code) => Math.abs(code - rankOf(code) * step) > 1)) return null
  // Of 0, 1 and a far value, 0 and 1 are ids of their own, not one level.
  if (new Set(codes.map(rankOf)).size < codes.length) return null
  return (classes: ClassDefinition[], idOf: (entry: ClassEntry) => number): Rule => {
    const ids = new Map(codes.map((code) => [code, idOf(entries[rankOf(code)])]))
    const source = `Class names are from "${path}", in steps of ${Math.round(step)}: the masks hold ${codes.join(', ')}.`
    return { classes, source, ids, cut: null, notes: [], questions: [] }
  }
}

/** Whether the first line is value 0 or 1, where a background that comes first speaks for 0; null where it is 1. */
export function aboutFirstLine({ file, answers }: Listing, ids: readonly number[]): ImportQuestion | null {
  const [first, { length }] = [file.entries[0].name, file.entries]
  if (!isBackgroundName(first) || !ids.includes(0)) return null
  const id = 'first-line'
  return {
    id,
    question: `"${file.path}" lists ${countOf(length, 'name')}, the masks hold values 0 to ${length}. Which value is its first name, "${first}"?`,
    options: [
      { value: 'value 0', label: `0: value ${length} has no name` },
      { value: 'value 1', label: '1: value 0 is no class (void)' },
    ],
    answer: answers[id] ?? 'value 0',
  }
}

/** The file's lines count from value 1; 0 is a class without a name. */
export function fromOne(
  listing: Listing,
  ids: readonly number[],
  classes: ClassDefinition[],
  idOf: (entry: ClassEntry) => number,
  question: ImportQuestion | null,
): Rule {
  const { file, sheets, answers } = listing
  const codes = new Map(file.entries.map((entry, position) => [position + 1, idOf(entry)]))
  const source = `Class names are from "${file.path}": its first line is value 1.`
  const rule: Rule = { classes, source, ids: codes, cut: null, notes: [], questions: question ? [question] : [] }
  if (question) codes.set(0, IGNORE)
  if (question || !ids.includes(0)) return rule
  const id = 'value-0'
  const answer = answers[id] ?? 'background'
  const share = percent(totalShare(sheets, 0))
  rule.questions.push({
    id,
    question: `"${file.path}" lists ${countOf(file.entries.length, 'name')}, the masks hold values 0 to ${file.entries.length}. What is value 0 (${share})?`,
    options: [
      { value: 'background', label: 'A class of its own, "background"' },
      { value: 'void', label: 'No class (void)' },
    ],
    answer,
  })
  codes.set(0, answer === 'void' ? IGNORE : classes.length)
  if (answer === 'void') return rule
  return { ...rule, classes: [...classes, { name: freeName('background', classes), color: [60, 60, 60] }] }
}
