/** Gives the classes of a class file to the values or colours of masks: whichever way explains most of their pixels. */
import type { ClassDefinition } from '../../domain/classes'
import { checkClassCount, generatedColor } from '../../domain/classes'
import type { Color } from '../../domain/color'
import type { Answers, ImportQuestion } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import type { ClassEntry, ClassFile } from '../class-files/class-file'
import { isBackgroundName } from '../class-files/names'
import { type Ends, findEnds } from './binary'
import type { MaskCensus } from './census'
import { binaryRule, classCodes, VOC_VOID, whiteInFew } from './found'
import { aboutFirstLine, fromOne, ranking } from './numbering'
import { channels, codeName, codeText, freeName, percent, totalShare } from './sentences'
import { areColored, colorOf, commonPalette, doPalettesDiffer, packed, sheetsBy } from './sheets'
import { isCommon, supportOf } from './support'
import { type Listing, type Rule, type Sheet, TRANSPARENT } from './types'

const BLACK = 0
const MISSING_SHARE = 0.01

/** Code -> entry, or null where void. */
type Way = ReadonlyMap<number, ClassEntry>

/** @throws AppError `bad_label` when the file lists more classes than a mask can tell apart */
export function listedRule(
  file: ClassFile,
  censuses: readonly MaskCensus[],
  usesAlpha: boolean,
  palette: readonly Color[] | null,
  answers: Answers,
): { view: 'values' | 'colors'; rule: Rule } {
  checkClassCount(`"${file.path}"`, file.entries.filter(({ isVoid }) => !isVoid).length)
  const [values, colors] = [sheetsBy('values', censuses, usesAlpha), sheetsBy('colors', censuses, usesAlpha)]
  const byColor = wayByColor(file)
  const byValue = new Map(file.entries.map((entry) => [entry.value, entry]))
  if (file.isOwn) byValue.set(IGNORE, { name: 'void', color: null, isVoid: true, value: IGNORE, isValueSaid: true })
  const differ = doPalettesDiffer(censuses)
  const isColored = areColored(censuses)
  const asColors = { file, sheets: colors, palette, answers }
  const asValues = { file, sheets: values, palette, answers }
  if (isColored || (differ && explained(colors, byColor) > 0))
    return { view: 'colors', rule: colorRule(asColors, byColor) }
  if (differ) {
    const indices = commonPalette(censuses)
    const way = new Map(
      [...indices].flatMap(([color, index]) => {
        const entry = byValue.get(index)
        return entry ? [[color, entry] as const] : []
      }),
    )
    const rule = colorRule(asColors, way)
    const notes = [
      ...rule.notes,
      'The palettes of the masks differ: names go by the palette that most masks have, and from there by colour.',
    ]
    return { view: 'colors', rule: { ...rule, notes } }
  }
  const [colorShare, valueShare] = [explained(colors, byColor), explained(values, byValue)]
  const isSaid = file.entries.some(({ isValueSaid }) => isValueSaid)
  const isInPlace = colorShare === valueShare && (isSaid || agree(censuses, byColor, byValue))
  if (colorShare > 0 && colorShare >= valueShare && !isInPlace) {
    const soft = softColors(asColors, byColor, values)
    return soft ? { view: 'values', rule: soft } : { view: 'colors', rule: colorRule(asColors, byColor) }
  }
  return { view: 'values', rule: valueRule(asValues, byValue) }
}

function wayByColor({ entries }: ClassFile): Map<number, ClassEntry> {
  const way = new Map<number, ClassEntry>()
  for (const entry of entries) if (entry.color && !way.has(packed(entry.color))) way.set(packed(entry.color), entry)
  return way
}

/** Mean share of the masks' pixels that get a class; void that the file lists counts half. */
function explained(sheets: readonly Sheet[], way: Way): number {
  let sum = 0
  for (const [code, { share }] of supportOf(sheets)) {
    const entry = way.get(code)
    if (entry) sum += share * (entry.isVoid ? 0.5 : 1)
  }
  return Math.round(sum * 1e9) / 1e9
}

/** Whether every index's colour is that of its own entry, so that both ways say the same. */
function agree(censuses: readonly MaskCensus[], byColor: Way, byValue: Way): boolean {
  return censuses.every((census) => {
    return [...census.counts.keys()].every((code) => {
      const entry = byValue.get(code)
      return !entry || (code === IGNORE && !entry) || byColor.get(packed(colorOf(census, code))) === entry
    })
  })
}

/** Classes without those that are void, and the class id of each entry. */
function classesOf({ file, palette }: Listing, colorOfEntry: (entry: ClassEntry) => Color | null) {
  const kept = file.entries.filter(({ isVoid }) => !isVoid)
  const classes = kept.map((entry, id): ClassDefinition => {
    return {
      name: entry.name,
      color: entry.color ?? colorOfEntry(entry) ?? palette?.[entry.value] ?? generatedColor(id),
    }
  })
  return { classes, idOf: (entry: ClassEntry) => (entry.isVoid ? IGNORE : kept.indexOf(entry)) }
}

/** Black and white colours of smoothed masks: the ends are listed, the greys between them are cut. */
function softColors(listing: Listing, way: Way, values: readonly Sheet[]): Rule | null {
  const ends = findEnds(values)
  if (!ends) return null
  const [low, high] = [way.get(ends.low * 0x010101), way.get(ends.high * 0x010101)]
  if (!low || !high) return null
  const { classes, idOf } = classesOf(listing, () => null)
  return binaryRule(ends, {
    classes,
    ids: [idOf(low), idOf(high)],
    source: `Colours are mapped by "${listing.file.path}".`,
  })
}

function colorRule(listing: Listing, way: Way): Rule {
  const { file, sheets } = listing
  const colors = new Map([...way].map(([code, entry]) => [entry, channels(code)]))
  const { classes, idOf } = classesOf(listing, (entry) => colors.get(entry) ?? null)
  const ids = new Map([...way].map(([code, entry]) => [code, idOf(entry)]))
  const rule: Rule = {
    classes,
    source: `Colours are mapped by "${file.path}".`,
    ids,
    cut: null,
    notes: [],
    questions: [],
  }
  if (way.size === 0)
    rule.notes.push(`"${file.path}" names classes without colours, so none of the masks' colours has a name.`)
  for (const [code, name] of [
    [BLACK, 'Black'],
    [VOC_VOID, "The colour of Pascal VOC's borders"],
  ] as const) {
    const share = totalShare(sheets, code)
    if (ids.has(code) || way.size === 0) continue
    ids.set(code, IGNORE)
    if (share > 0) rule.notes.push(`${name}, ${percent(share)} of the masks, is not listed in "${file.path}": void.`)
  }
  return withUnlisted(listing, withTransparent(listing, rule))
}

function valueRule(listing: Listing, way: Way): Rule {
  const { file, sheets } = listing
  const { classes, idOf } = classesOf(listing, () => null)
  const kept = file.entries.filter(({ isVoid }) => !isVoid)
  const ends = findEnds(sheets)
  if (ends && !way.has(ends.high)) {
    return withTransparent(listing, listedEnds(listing, { ...ends }, classes, idOf))
  }
  const support = supportOf(sheets)
  support.delete(TRANSPARENT)
  const codes = classCodes(support, sheets.length)
  const ids = codes.filter((code) => code !== IGNORE)
  const isSaid = file.entries.some(({ isValueSaid }) => isValueSaid)
  const base: Rule = {
    classes,
    source: `Class names are from "${file.path}", by ${isSaid ? 'their values' : 'line'}.`,
    ids: new Map([...way].map(([code, entry]) => [code, idOf(entry)])),
    cut: null,
    notes: [],
    questions: [],
  }
  const doFit = ids.every((code) => way.has(code))
  if (!doFit && !isSaid) {
    const ranked = ranking(codes, listing, kept)
    if (ranked) return ranked(classes, idOf)
    if (ids.at(-1) === file.entries.length) {
      const question = aboutFirstLine(listing, ids)
      if (question?.answer !== 'value 0') {
        const shifted = fromOne(listing, ids, classes, idOf, question)
        return withTransparent(listing, withVoid(listing, shifted))
      }
      base.questions.push(question)
    }
  }
  return withUnlisted(listing, withTransparent(listing, withVoid(listing, base)))
}

/** 255 is void, as is the custom, unless listed. Asked where a listed class occurs nowhere while 255 is common. */
function withVoid({ file, sheets, answers }: Listing, rule: Rule): Rule {
  if (rule.ids.has(IGNORE)) return rule
  const share = totalShare(sheets, IGNORE)
  const ids = new Map([...rule.ids, [IGNORE, IGNORE]])
  const missing = rule.classes
    .map((_, id) => id)
    .filter((id) => {
      return ![...ids].some(([code, classId]) => classId === id && sheets.some(({ counts }) => counts.has(code)))
    })
  if (share < MISSING_SHARE || missing.length === 0) {
    return share > 0
      ? {
          ...rule,
          ids,
          notes: [...rule.notes, `Value 255, ${percent(share)} of the masks, is void.`, ...whiteInFew(sheets)],
        }
      : { ...rule, ids }
  }
  const id = 'value-255'
  const options = [
    { value: 'void', label: 'No class (void)' },
    ...missing.slice(0, 12).map((classId) => ({ value: `class ${classId}`, label: rule.classes[classId].name })),
  ]
  const isAnswer = options.some(({ value }) => value === answers[id])
  const answer = isAnswer ? answers[id] : 'void'
  if (answer !== 'void') ids.set(IGNORE, Number(answer.slice('class '.length)))
  const names = missing.slice(0, 3).map((classId) => `"${rule.classes[classId].name}"`)
  const question = `No mask holds ${names.join(', ')} of "${file.path}", but ${percent(share)} of the pixels are 255. What is 255?`
  return { ...rule, ids, questions: [...rule.questions, { id, question, options, answer }] }
}

/** Masks whose labels lie in their alpha, by the names of a file. */
export function listedAlpha(file: ClassFile, sheets: Sheet[], ends: Ends, answers: Answers): Rule {
  const listing = { file, sheets, palette: null, answers }
  const { classes, idOf } = classesOf(listing, () => null)
  return listedEnds(listing, ends, classes, idOf)
}

/** Black and white masks by the names of a file. */
function listedEnds(
  listing: Listing,
  ends: Ends,
  classes: ClassDefinition[],
  idOf: (entry: ClassEntry) => number,
): Rule {
  const { file, answers } = listing
  const kept = file.entries.filter(({ isVoid }) => !isVoid)
  const source = `The masks are black and white; names are from "${file.path}", in its order.`
  const white = `value-${ends.high}`
  if (kept.length === 0)
    return binaryRule(ends, {
      classes: [
        { name: 'background', color: [60, 60, 60] },
        { name: 'foreground', color: generatedColor(1) },
      ],
      ids: [0, 1],
      source: 'The masks are black and white: background and foreground.',
    })
  if (kept.length === 1 && file.entries.length === 2)
    return binaryRule(ends, { classes, ids: [idOf(file.entries[0]), idOf(file.entries[1])], source })
  if (kept.length === 1) {
    const isBackground = isBackgroundName(kept[0].name)
    const other: ClassDefinition = isBackground
      ? { name: 'foreground', color: generatedColor(1) }
      : { name: 'background', color: [60, 60, 60] }
    const both = isBackground ? [classes[0], other] : [other, classes[0]]
    return binaryRule(ends, {
      classes: both,
      ids: [0, 1],
      source: `The masks are black and white: ${both[0].name} and ${both[1].name} ("${file.path}").`,
    })
  }
  const lowId = file.entries.find(({ value }) => value === ends.low)
  const low = lowId ? idOf(lowId) : 0
  const background = kept.findIndex(({ name }) => isBackgroundName(name))
  if (kept.length === 2) {
    const first = background === 1 ? 1 : 0
    return binaryRule(ends, { classes, ids: [first, 1 - first], source })
  }
  const options = [
    { value: 'own', label: `A class of its own, "value ${ends.high}"` },
    { value: 'void', label: 'No class (void)' },
    ...kept
      .map(({ name }, id) => ({ value: `class ${id}`, label: name }))
      .filter((_, id) => id !== low)
      .slice(0, 12),
  ]
  const answer = options.some(({ value }) => value === answers[white]) ? answers[white] : 'own'
  const question: ImportQuestion = {
    id: white,
    question: `"${file.path}" names ${kept.length} classes, but the masks hold only ${ends.low} and ${ends.high}. What is ${ends.high}?`,
    options,
    answer,
  }
  const all =
    answer === 'own'
      ? [...classes, { name: freeName(`value ${ends.high}`, classes), color: generatedColor(classes.length) }]
      : classes
  const high = answer === 'own' ? classes.length : answer === 'void' ? IGNORE : Number(answer.slice('class '.length))
  return { ...binaryRule(ends, { classes: all, ids: [low, high], source }), questions: [question] }
}

/** Codes of many masks that the file does not list are classes of their own, unless a person says void. */
function withUnlisted({ file, sheets, answers }: Listing, rule: Rule): Rule {
  const { view } = sheets[0]
  const support = supportOf(sheets)
  const isMuch = sheets.length >= 8 ? 3 : 2
  const others = [...support]
    .filter(
      ([code, codeSupport]) =>
        code >= 0 && !rule.ids.has(code) && codeSupport.largeIn >= isMuch && isCommon(codeSupport, sheets.length),
    )
    .sort((a, b) => b[1].share - a[1].share)
  if (others.length === 0 || others.length > 16 || rule.classes.length + others.length > IGNORE) return rule
  const id = 'unlisted'
  const answer = answers[id] === 'void' ? 'void' : 'class'
  const share = percent(others.reduce((sum, [code]) => sum + totalShare(sheets, code), 0))
  const names = others
    .slice(0, 4)
    .map(([code]) => codeText(view, code))
    .join(', ')
  const question = `The masks hold ${names}${others.length > 4 ? ' and more' : ''} (${share} of the pixels), which "${file.path}" does not list. What are they?`
  const options = [
    { value: 'class', label: others.length === 1 ? 'A class of its own' : 'Classes of their own' },
    { value: 'void', label: 'No class (void)' },
  ]
  const ids = new Map(rule.ids)
  const classes = [...rule.classes]
  for (const [code] of others) {
    ids.set(code, answer === 'void' ? IGNORE : classes.length)
    if (answer === 'class')
      classes.push({
        name: freeName(codeName(view, code), classes),
        color: view === 'colors' ? channels(code) : generatedColor(classes.length),
      })
  }
  return { ...rule, ids, classes, questions: [...rule.questions, { id, question, options, answer }] }
}

/** Transparent pixels are the background that the file lists and no mask holds; else void. */
function withTransparent({ file, sheets }: Listing, rule: Rule): Rule {
  if (!sheets.some(({ counts }) => counts.has(TRANSPARENT))) return rule
  const background = rule.classes.findIndex(({ name }) => isBackgroundName(name))
  const ids = new Map([...rule.ids, [TRANSPARENT, background < 0 ? IGNORE : background]])
  const what = background < 0 ? `void: "${file.path}" lists no background` : rule.classes[background].name
  return { ...rule, ids, notes: [...rule.notes, `Transparent pixels of the masks are ${what}.`] }
}
