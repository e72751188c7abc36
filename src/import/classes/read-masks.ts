/** Reads masks by a meaning that was found: pixels that have none are void when they are few, else the mask is left out. */
import type { FileProblem } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import { type CodeMap, codeName, leftOut, type MaskCodes, type ViewedMask } from './mask-codes'
import type { MaskReading, View } from './reading'

/** A mask of which more has no meaning is no mask of these classes. */
const MOST_UNKNOWN = 0.01
/** Codes that a sentence lists. */
const MOST_LISTED = 4

export interface ReadMasks {
  readings: Map<string, MaskReading>
  problems: FileProblem[]
}

/** @param mostUnknown share of a mask that may be of no class, because edges between areas are blurred */
export function readMasks(
  { view, masks }: MaskCodes,
  map: CodeMap,
  classCount: number,
  mostUnknown = MOST_UNKNOWN,
): ReadMasks {
  const readings = new Map<string, MaskReading>()
  const problems: FileProblem[] = []
  for (const mask of masks) {
    const { path } = mask.census
    const unknown = [...mask.counts].filter(([code]) => !map.classOf.has(code) && !map.voids.has(code))
    const pixels = unknown.reduce((sum, [, count]) => sum + count.pixels, 0)
    const listed = unknown.length > 0 ? listOf(unknown, view) : ''
    if (pixels > mostUnknown * mask.pixels) {
      const what = `holds ${view === 'colors' ? 'colours' : 'label ids'} outside the ${classCount} classes: ${listed}`
      problems.push(leftOut(path, what, REMEDIES[view]))
      continue
    }
    if (pixels > 0) {
      problems.push({
        path,
        problem: `The mask "${path}" holds ${listed}, which is none of the ${classCount} classes; there it was left void.`,
        remedy: REMEDIES[view],
      })
    }
    readings.set(path, readingOf(mask, view, map))
  }
  return { readings, problems }
}

const REMEDIES: Record<View, string> = {
  values: 'Correct the mask (255 stands for void), or name every class in a classes.txt.',
  colors: 'List the colours in a label_colors.txt ("r g b name" a line), or export the mask without smoothing.',
  alpha: 'Export the mask as a PNG of class ids.',
}

function listOf(unknown: [number, { pixels: number }][], view: View): string {
  const sorted = unknown.sort(([, a], [, b]) => b.pixels - a.pixels)
  const listed = sorted
    .slice(0, MOST_LISTED)
    .map(([code, { pixels }]) => `${codeName(code, view)} on ${pixels} pixel${pixels === 1 ? '' : 's'}`)
  if (unknown.length > listed.length) listed.push(`${unknown.length - listed.length} more`)
  return listed.join(', ')
}

export function readingOf({ counts, unit }: ViewedMask, view: View, { classOf }: CodeMap): MaskReading {
  const pixels = new Map<number, number>()
  for (const [code, count] of counts) {
    const id = classOf.get(code) ?? IGNORE
    pixels.set(id, (pixels.get(id) ?? 0) + count.pixels)
  }
  return { view, codes: new Map([...classOf].map(([code, id]) => [code * unit, id])), pixels }
}
