/** Finds the classes in the masks themselves, where no file names them. */
import type { ClassDefinition } from '../../domain/classes'
import { generatedColor, MOST_CLASSES } from '../../domain/classes'
import type { Color } from '../../domain/color'
import type { Answers, ImportQuestion } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import { countOf } from '../layouts/paths'
import { type Ends, findEnds } from './binary'
import { channels, codeName, codeText, percent, totalShare } from './sentences'
import { MOST_UNNAMED } from './sheets'
import { isCommon, type Support, supportOf } from './support'
import { type Rule, type Sheet, TRANSPARENT } from './types'

const BLACK = 0
/** The colour of Pascal VOC's borders. */
export const VOC_VOID = 0xe0e0c0
const WHITE = 0xffffff
/** More levels of grey than this are ids, of which 255 is void. */
const FEW_LEVELS = 8
const ASKED_SHARE = 0.05

/** Colours are drawn by hand: more than this are no classes. */
const MOST_COLORS = 64

export function foundRule(sheets: readonly Sheet[], palette: readonly Color[] | null, answers: Answers): Rule {
  const isColored = sheets[0]?.view === 'colors'
  const rule = isColored ? foundColors(sheets) : foundValues(sheets, palette, answers)
  if (isColored && rule.classes.length > MOST_COLORS) {
    return { ...rule, classes: [], ids: new Map(), source: 'The masks hold too many colours to be classes.' }
  }
  if (!sheets.some(({ counts }) => counts.has(TRANSPARENT))) return rule
  const background = rule.classes.findIndex(({ name }) => name === 'background')
  const classes =
    background < 0 ? [...rule.classes, { name: 'background', color: [60, 60, 60] as Color }] : rule.classes
  const id = background < 0 ? rule.classes.length : background
  const notes = [...rule.notes, 'Transparent pixels of the masks are background.']
  return { ...rule, classes, ids: new Map([...rule.ids, [TRANSPARENT, id]]), notes }
}

export function binaryRule(
  { low, high }: Ends,
  names: { classes: ClassDefinition[]; ids: [number, number]; source: string },
): Rule {
  const ids = new Map([
    [low, names.ids[0]],
    [high, names.ids[1]],
  ])
  return { classes: names.classes, source: names.source, ids, cut: { low, high }, notes: [], questions: [] }
}

export function blackAndWhite(view: Sheet['view']) {
  const classes: ClassDefinition[] = [
    { name: 'background', color: [60, 60, 60] },
    { name: 'foreground', color: generatedColor(1) },
  ]
  const what =
    view === 'alpha'
      ? 'lie in the alpha channel: transparent is background, opaque'
      : 'are black and white: background and'
  return { classes, ids: [0, 1] as [number, number], source: `The masks ${what} foreground.` }
}

function foundValues(sheets: readonly Sheet[], palette: readonly Color[] | null, answers: Answers): Rule {
  const ends = findEnds(sheets)
  if (ends) return binaryRule(ends, blackAndWhite(sheets[0].view))
  const support = supportOf(sheets)
  support.delete(TRANSPARENT)
  const smoothed = smoothedLevels(support)
  const codes = smoothed ?? classCodes(support, sheets.length)
  const ids = codes.filter((code) => code !== IGNORE)
  const largest = ids.at(-1) ?? -1
  const isSparse = areSparse(ids)
  const listed = isSparse ? ids : Array.from({ length: largest + 1 }, (_, value) => value)
  const questions: ImportQuestion[] = []
  if (codes.includes(IGNORE) && ids.length > 0) {
    const isLevel = isSparse && ids.length < FEW_LEVELS
    const question = aboutWhite(sheets, isLevel, answers)
    if ((isLevel && !isEven([...ids, IGNORE])) || (!isLevel && totalShare(sheets, IGNORE) > ASKED_SHARE))
      questions.push(question)
    if (question.answer === 'class') listed.push(IGNORE)
  }
  const isVoid = support.has(IGNORE) && !listed.includes(IGNORE)
  const kept = listed.slice(0, MOST_CLASSES)
  const classes = kept.map((value, id): ClassDefinition => {
    const color = palette?.[value] ?? generatedColor(isSparse ? id : value)
    return { name: isSparse || value === IGNORE ? `value ${value}` : `class ${value}`, color }
  })
  const classIds = new Map(kept.map((value, id) => [value, id]))
  if (!classIds.has(IGNORE)) classIds.set(IGNORE, IGNORE)
  const what = isSparse ? countOf(kept.length, 'value') : countOf(kept.length, 'class id')
  const white = isVoid ? `, 255 is void (${percent(totalShare(sheets, IGNORE))} of the pixels)` : ''
  const source =
    kept.length === 0
      ? 'No pixel of the masks has a class: all are 255, void.'
      : `The masks hold ${what}${white}; a classes.txt would name them.`
  const notes = isVoid && ids.length > 0 ? whiteInFew(sheets) : []
  return { classes, source, ids: classIds, cut: null, isSmoothed: smoothed !== null, notes, questions }
}

/** Where a few masks have 255 for what the others call 1, it is no void: these masks are named. */
export function whiteInFew(sheets: readonly Sheet[]): string[] {
  const few = sheets.filter(({ counts }) => counts.size === 2 && counts.has(0) && counts.has(IGNORE))
  if (few.length === 0 || few.length * 2 > sheets.length) return []
  const names = few.slice(0, 3).map(({ census }) => `"${census.path}"`)
  const more = few.length > 3 ? ` and ${few.length - 3} more masks` : ''
  return [`255 is void in ${names.join(', ')}${more}, too, which hold 0 and 255 alone, unlike the other masks.`]
}

/** Among the greys of smoothed edges, one with this share of the pixels is a level. */
const LEVEL_SHARE = 0.03

/** Levels of grey, 255 among them, between which smoothed edges have many greys more; null where there are none. */
function smoothedLevels(support: ReadonlyMap<number, Support>): number[] | null {
  const greys = new Map([...support].map(([code, codeSupport]) => [code * 0x010101, codeSupport]))
  if (support.size <= 16 || !areSparse([...support.keys()].sort((a, b) => a - b))) return null
  const solid = withoutBlends(greys)
  if (solid.length === greys.size) return null
  // Nothing is brighter than the brightest level, nor darker than the darkest: no edge makes these.
  const [darkest, brightest] = [Math.min(...support.keys()), Math.max(...support.keys())]
  const isLevel = ([code, { share }]: [number, Support]) =>
    share >= LEVEL_SHARE || (code & 255) === darkest || (code & 255) === brightest
  return solid
    .filter(isLevel)
    .map(([code]) => code & 255)
    .sort((a, b) => a - b)
}

/** Values that stand for classes, or 255, sorted: those of many masks, and in sets of ids also rare ones. */
export function classCodes(support: ReadonlyMap<number, Support>, masks: number): number[] {
  const sorted = [...support].sort((a, b) => a[0] - b[0])
  const common = sorted.filter(([, codeSupport]) => isCommon(codeSupport, masks)).map(([code]) => code)
  const core = common.length > 0 ? common : sorted.map(([code]) => code)
  const ids = core.filter((code) => code !== IGNORE)
  if (ids.length > MOST_UNNAMED && areSparse(ids) && (ids.at(-1) ?? 0) > IGNORE) return core
  const codes = new Set(core)
  let next = areSparse(ids) ? -1 : (ids.at(-1) ?? 0) + 1
  for (const [code, { largeIn }] of sorted) {
    if (code <= next || (largeIn > 0 && next >= 0 && code < MOST_UNNAMED) || (largeIn > 0 && next < 0)) codes.add(code)
    if (next >= 0 && codes.has(code) && code !== IGNORE) next = Math.max(next, code + 1)
  }
  return [...codes].sort((a, b) => a - b)
}

/** Few values far apart are levels that stand for classes; otherwise ids count from 0, and some did not occur. */
export function areSparse(ids: readonly number[]): boolean {
  const largest = ids.at(-1) ?? -1
  return largest >= MOST_UNNAMED || (largest >= 16 && ids.length * 2 < largest)
}

function isEven(levels: readonly number[]): boolean {
  const step = (levels[levels.length - 1] - levels[0]) / (levels.length - 1)
  return levels.every((level, i) => Math.abs(level - levels[0] - i * step) <= 1)
}

function aboutWhite(sheets: readonly Sheet[], isClass: boolean, answers: Answers): ImportQuestion {
  const id = 'value-255'
  const share = percent(totalShare(sheets, IGNORE))
  return {
    id,
    question: `What do the pixels of value 255 (${share} of the masks) stand for?`,
    options: [
      { value: 'void', label: 'No class (void)' },
      { value: 'class', label: 'A class of its own' },
    ],
    answer: answers[id] ?? (isClass ? 'class' : 'void'),
  }
}

function foundColors(sheets: readonly Sheet[]): Rule {
  const support = supportOf(sheets)
  support.delete(TRANSPARENT)
  const solid = withoutBlends(support).filter(
    ([, { largeIn, masks }]) => largeIn > 0 || isCommon({ largeIn, masks, share: 0 }, sheets.length),
  )
  const codes = solid.map(([code]) => code).sort((a, b) => a - b)
  const isBinary = codes.length === 2 && codes[0] === BLACK && codes[1] === WHITE
  if (isBinary) {
    const { classes, source } = blackAndWhite('colors')
    return {
      classes,
      source,
      ids: new Map([
        [BLACK, 0],
        [WHITE, 1],
      ]),
      cut: null,
      notes: [],
      questions: [],
    }
  }
  const kept = codes.length > MOST_CLASSES ? [] : codes.filter((code) => code !== VOC_VOID || codes.length < 3)
  const ids = new Map(kept.map((code, id) => [code, id]))
  const notes: string[] = []
  if (kept.length < codes.length && kept.length > 0) {
    ids.set(VOC_VOID, IGNORE)
    notes.push(`The colour ${codeText('colors', VOC_VOID)}, with which Pascal VOC draws borders, is void.`)
  }
  const classes = kept.map(
    (code): ClassDefinition => ({
      name: code === BLACK ? 'background' : codeName('colors', code),
      color: channels(code),
    }),
  )
  const source = `Each of the masks' ${countOf(classes.length, 'colour')} is a class; a label_colors.txt would name them.`
  return { classes, source, ids, cut: null, notes, questions: [] }
}

/** Colours between two others, few pixels each, are of smoothed edges, where there are many of them. */
function withoutBlends(support: ReadonlyMap<number, Support>): [number, Support][] {
  const sorted = [...support].sort((a, b) => b[1].share - a[1].share)
  if (sorted.length <= 16) return sorted
  const solid: [number, Support][] = []
  for (const [code, codeSupport] of sorted.slice(0, 1024)) {
    const heavy = solid.filter(([, { share }]) => codeSupport.share < share / 5)
    const isBlend = heavy.some(([a], i) => heavy.slice(i + 1).some(([b]) => liesBetween(code, a, b)))
    if (!isBlend) solid.push([code, codeSupport])
  }
  return sorted.length - solid.length >= Math.max(8, sorted.length / 2) ? solid : sorted
}

function liesBetween(code: number, a: number, b: number): boolean {
  const [point, from, to] = [channels(code), channels(a), channels(b)]
  const length = to.reduce((sum, channel, i) => sum + (channel - from[i]) ** 2, 0)
  const along = to.reduce((sum, channel, i) => sum + (channel - from[i]) * (point[i] - from[i]), 0) / length
  return (
    along > 0 && along < 1 && point.every((channel, i) => Math.abs(from[i] + along * (to[i] - from[i]) - channel) <= 3)
  )
}
