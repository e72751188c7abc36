/** The classes of masks that no file names: found in their values or colours alone. */
import { type ClassDefinition, generatedColor } from '../../domain/classes'
import { type Color, hexColor } from '../../domain/color'
import { IGNORE } from '../../domain/labels'
import { type CodeMap, type CodeTotal, isRare, type MaskCodes } from './mask-codes'

export interface FoundClasses extends CodeMap {
  classes: ClassDefinition[]
  /** A sentence: what in the masks says the classes. */
  source: string
  notes: string[]
  /** Share of a mask that may have no class, where edges are blurred. */
  mostUnknown?: number
}

/** Most classes that are found without a name for any. */
const MOST_UNNAMED = 64
const BLACK = 0
/** Greys this far apart are two levels of a picture, not ids that follow each other. */
const LEAST_GAP = 64
/** Greys closer to a level than this share of the gap are noise of that level. */
const NOISE = 1 / 8
/** A code with this share of inner pixels fills areas; one of edges has next to none. */
const AREA_INNER = 0.05
/** Share of all pixels that may lie between two levels that are cut in the middle. */
const MOST_BETWEEN = 0.35
/** Fewer values in between are classes of their own. */
const LEAST_BETWEEN = 3
/** Share of a mask that may be blurred edges, left void. */
const MOST_EDGES = 0.1

/** null when there are too many codes to be classes. */
export function foundClasses(codes: MaskCodes, palette: readonly Color[] | null): FoundClasses | null {
  if (codes.view === 'colors') return foundColors(codes)
  return twoLevels(codes) ?? blurredLevels(codes) ?? foundIds(codes, palette)
}

/** The two levels of black-and-white masks; null for others. Mistakes in few masks do not count. */
export function twoLevels(codes: MaskCodes): FoundClasses | null {
  const main = codes.totals.filter((total) => !isRare(total, codes))
  if (main.length !== 2) return null
  const [low, high] = main.map(({ code }) => code)
  if (high - low < LEAST_GAP) return null
  return binary({
    low,
    high,
    classOf: new Map([
      [low, 0],
      [high, 1],
    ]),
    codes,
    notes: [],
  })
}

/** Two levels with values in between, from smoothing or compression: cut in the middle. null for others. */
export function blurredLevels(codes: MaskCodes): FoundClasses | null {
  const largest = [...codes.totals].sort((a, b) => b.pixels - a.pixels).slice(0, 2)
  if (largest.length < 2) return null
  const [low, high] = largest.map(({ code }) => code).sort((a, b) => a - b)
  const gap = high - low
  if (gap < LEAST_GAP) return null
  const others = codes.totals.filter(({ code }) => code !== low && code !== high)
  const isNear = ({ code }: CodeTotal) => Math.min(Math.abs(code - low), Math.abs(code - high)) <= gap * NOISE
  const between = others.filter((total) => !isNear(total))
  if (others.length < LEAST_BETWEEN || between.some(isArea)) return null
  const share = between.reduce((sum, { pixels }) => sum + pixels, 0) / codes.pixels
  if (share > MOST_BETWEEN) return null
  const cut = Math.ceil((low + high + 1) / 2)
  const classOf = new Map(codes.totals.map(({ code }) => [code, code < cut ? 0 : 1]))
  const percent = Math.round(1000 * (1 - share)) / 10
  const note = `The masks hold ${codes.totals.length} greys, but ${percent} % of the pixels are near ${low} or ${high}: they were cut at ${cut}.`
  return binary({ low, high, classOf, codes, notes: [note] })
}

function isArea({ pixels, inner }: CodeTotal): boolean {
  return inner > AREA_INNER * pixels
}

function binary(found: {
  low: number
  high: number
  classOf: Map<number, number>
  codes: MaskCodes
  notes: string[]
}): FoundClasses {
  const { low, high, classOf, codes, notes } = found
  const where = codes.view === 'alpha' ? 'The masks lie in the alpha channel' : 'The masks are black and white'
  const levels = low === 0 && high === 255 ? '' : ` (${low} and ${high})`
  return {
    classes: [
      { name: 'background', color: [60, 60, 60] },
      { name: 'foreground', color: generatedColor(1) },
    ],
    classOf,
    voids: new Set(),
    source: `${where}${levels}: background and foreground.`,
    notes,
  }
}

/** Values as ids that count from 0, or as levels that lie apart. */
function foundIds(codes: MaskCodes, palette: readonly Color[] | null): FoundClasses | null {
  const main = codes.totals.filter((total) => !isRare(total, codes)).map(({ code }) => code)
  const all = codes.totals.map(({ code }) => code)
  const ids = (main.length > 0 ? main : all).filter((code) => code !== IGNORE)
  const largest = ids.at(-1) ?? -1
  const isSparse = largest >= MOST_UNNAMED || (largest >= 16 && ids.length * 2 < largest)
  if (!isSparse) return denseIds(largest, all, palette)
  // Levels as far apart as these are spread over all greys: the brightest is one of them.
  const levels = main.filter((code, i) => i === 0 || code - main[i - 1] >= 16)
  const listed = levels.length === main.length ? main : ids
  if (listed.length > MOST_UNNAMED) return null
  const blurred = codes.totals.filter((total) => !isArea(total)).length
  if (blurred > MOST_UNNAMED / 2 && blurred > listed.length / 2) return null
  const isVoid = main.includes(IGNORE) && !listed.includes(IGNORE)
  return {
    classes: listed.map((value) => ({ name: `value ${value}`, color: palette?.[value] ?? generatedColor(value) })),
    classOf: new Map(listed.map((value, id) => [value, id])),
    voids: new Set(isVoid ? [IGNORE] : []),
    source: `The masks hold ${listed.length} values${isVoid ? ', and 255 for void' : ''}; a classes.txt would name them.`,
    notes: [],
  }
}

function denseIds(largest: number, all: readonly number[], palette: readonly Color[] | null): FoundClasses {
  const listed = Array.from({ length: largest + 1 }, (_, value) => value)
  const hasVoid = all.includes(IGNORE)
  const source =
    listed.length === 0
      ? 'No pixel of the masks has a class: they hold 255 alone, which stands for void.'
      : `The masks hold ${listed.length} class ids${hasVoid ? ', 255 is void' : ''}; a classes.txt would name them.`
  return {
    classes: listed.map((value) => ({ name: `class ${value}`, color: palette?.[value] ?? generatedColor(value) })),
    classOf: new Map(listed.map((value) => [value, value])),
    voids: new Set([IGNORE]),
    source,
    notes: [],
  }
}

/** Colours that fill areas; those that only edges have are void. */
function foundColors(codes: MaskCodes): FoundClasses | null {
  const main = codes.totals.filter((total) => !isRare(total, codes))
  const areas = main.length <= MOST_UNNAMED && !areBlurred(main) ? main : main.filter(isArea)
  if (areas.length === 0 || areas.length > MOST_UNNAMED) return null
  const share = 1 - areas.reduce((sum, { pixels }) => sum + pixels, 0) / codes.pixels
  if (share > MOST_EDGES) return null
  const colors = areas.map(({ code }) => code)
  const percent = Math.round(1000 * share) / 10
  const isBlurred = areas.length < main.length
  return {
    classes: colors.map((code) => {
      const color: Color = [code >> 16, (code >> 8) & 255, code & 255]
      return { name: code === BLACK ? 'background' : hexColor(color), color }
    }),
    classOf: new Map(colors.map((code, id) => [code, id])),
    voids: new Set(isBlurred ? codes.totals.map(({ code }) => code).filter((code) => !colors.includes(code)) : []),
    source: `Each of the masks' ${colors.length} colours is a class; a label_colors.txt would name them.`,
    notes: isBlurred
      ? [
          `The masks are smoothed: ${percent} % of their pixels have one of ${codes.totals.length - colors.length} colours in between, and were left void.`,
        ]
      : [],
    ...(isBlurred && { mostUnknown: MOST_EDGES }),
  }
}

/** More codes lie on edges than fill areas, and they are many. */
function areBlurred(totals: readonly CodeTotal[]): boolean {
  const areas = totals.filter(isArea).length
  return areas > 1 && totals.length - areas > Math.max(8, 3 * areas)
}
