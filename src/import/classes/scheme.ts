/** Decides whether masks follow the scheme of a known dataset, or only its layout. */
import { IGNORE } from '../../domain/labels'
import type { MaskCensus } from './census'
import { colorOf, packed } from './sheets'
import type { MaskEvidence, Rule, Scheme, Sheet } from './types'

/** Share of the pixels that must get a class, and that may lie outside the scheme. */
const LEAST_CLASSES = 0.5
const MOST_OUTSIDE = 0.01

/** What a mask holds by the scheme's coding. */
export function schemeSheet({ census }: MaskEvidence, scheme: Scheme): { sheet: Sheet; rule: Rule } {
  const { coding, known } = scheme.codingOf(census.path)
  const isColor = coding.kind === 'color'
  const codes = new Map([...census.counts.keys()].map((code) => [code, isColor ? packed(colorOf(census, code)) : code]))
  const counts = new Map<number, number>()
  for (const [raw, count] of census.counts)
    counts.set(codes.get(raw) ?? 0, (counts.get(codes.get(raw) ?? 0) ?? 0) + count)
  const ids = new Map<number, number>()
  const inScheme = known ?? counts.keys()
  for (const code of inScheme) ids.set(code, IGNORE)
  if (coding.kind === 'index') {
    for (const [code, id] of coding.table.entries()) if (ids.has(code) || id !== IGNORE) ids.set(code, id)
  } else for (const [red, green, blue, id] of coding.entries) ids.set(packed([red, green, blue]), id)
  const view = isColor || census.kind === 'color' ? 'colors' : 'values'
  const sheet: Sheet = { census, view, codes, counts, pixels: pixelsOf(census) }
  const rule: Rule = {
    classes: scheme.classes,
    source: `The classes are those of ${scheme.name}.`,
    ids,
    cut: null,
    notes: [],
    questions: [],
  }
  return { sheet, rule }
}

function pixelsOf({ size }: MaskCensus): number {
  return size.height * size.width
}

/** A sentence that says why the scheme is not believed, or null where it is. */
export function whyNot(scheme: Scheme, masks: readonly MaskEvidence[]): string | null {
  if (scheme.isChosen) return null
  const layout = `The folder is laid out like ${scheme.name}, but`
  const other = masks.find(({ classFile }) => classFile && !namesScheme(classFile.entries, scheme))
  if (other?.classFile) return `${layout} "${other.classFile.path}" names other classes.`
  let [all, classes, outside] = [0, 0, 0]
  // Single masks of the dataset's own images may be wrong; where most of them differ they are another edition of it.
  if (scheme.isCertain && masks.filter((mask) => !fits(mask, scheme)).length <= masks.length / 2) return null
  for (const mask of masks) {
    const { sheet, rule } = schemeSheet(mask, scheme)
    all += sheet.pixels
    for (const [code, count] of sheet.counts) {
      if (!rule.ids.has(code)) outside += count
      else if (rule.ids.get(code) !== IGNORE) classes += count
    }
  }
  if (outside > all * MOST_OUTSIDE)
    return `${layout} its masks hold other numbers: they are read as those of any folder.`
  if (classes < all * LEAST_CLASSES)
    return `${layout} most pixels would be void by its numbers: the masks are read as those of any folder.`
  return null
}

function fits(mask: MaskEvidence, scheme: Scheme): boolean {
  const { sheet, rule } = schemeSheet(mask, scheme)
  const outside = [...sheet.counts].reduce((sum, [code, count]) => sum + (rule.ids.has(code) ? 0 : count), 0)
  return outside <= sheet.pixels * MOST_OUTSIDE
}

/** Whether a class file lists the scheme's classes, in their order; void aside. */
export function namesScheme(
  entries: NonNullable<MaskEvidence['classFile']>['entries'],
  { classes }: Pick<Scheme, 'classes'>,
): boolean {
  const names = entries.filter(({ isVoid }) => !isVoid)
  return (
    names.length === classes.length &&
    names.every(({ name }, i) => name.toLowerCase() === classes[i].name.toLowerCase())
  )
}
