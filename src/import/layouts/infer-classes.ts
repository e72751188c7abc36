/** Finds the classes of a generic folder: in its class file, or else in the values and colours of its masks. */
import type { ClassDefinition } from '../../domain/classes'
import { checkClassCount, generatedColor } from '../../domain/classes'
import { type Color, hexColor } from '../../domain/color'
import type { LabelCoding } from '../../domain/dataset'
import { AppError, FileFault } from '../../domain/errors'
import { IGNORE } from '../../domain/labels'
import { countCodes, decodeLabelPng, isGrey, type LabelPng, packColor, pixelCodes } from '../../image/label-png'
import type { ClassEntry, ClassFile } from '../class-files/class-file'
import { tableCoding } from '../classes/known'
import type { FolderReader, MaskCoding } from './dataset'

export interface InferredClasses {
  classes: ClassDefinition[]
  coding: MaskCoding
  /** Sentence for the preview. */
  description: string
}

const SAMPLED_MASKS = 24
/** Most colours without names, and most values counted from 0, that are taken for classes. */
const MOST_UNNAMED = 64
const BLACK = 0

/** The codes that the masks hold. Whether values or colours count is known when all masks have been seen. */
interface Census {
  isColor: boolean
  /** Palette of the first palette PNG. */
  palette: Color[] | null
  /** Greys and palette indices. */
  values: Set<number>
  /** The same pixels, and those of colour PNGs, as 0xRRGGBB. */
  colors: Set<number>
}

/** @throws AppError `bad_label` when there are more classes, or colours without names, than a label map can have */
export async function inferClasses(
  maskPaths: readonly string[],
  classFile: ClassFile | null,
  reader: FolderReader,
  isExhaustive: boolean,
): Promise<InferredClasses> {
  // A class file settles everything but the kind of mask, for which a sample is enough.
  const sample = isExhaustive && !classFile ? maskPaths : everyNth(maskPaths, SAMPLED_MASKS)
  const census = await takeCensus(sample, reader, classFile)
  if (census.isColor) return classFile ? listedColors(classFile) : foundColors(census, maskPaths)
  return classFile ? listedIndices(classFile, census.palette) : foundIndices(census)
}

function everyNth(paths: readonly string[], most: number): string[] {
  const step = Math.max(1, paths.length / most)
  return Array.from({ length: Math.min(paths.length, most) }, (_, i) => paths[Math.floor(i * step)])
}

async function takeCensus(
  paths: readonly string[],
  reader: FolderReader,
  classFile: ClassFile | null,
): Promise<Census> {
  const census: Census = { isColor: false, palette: null, values: new Set(), colors: new Set() }
  for (const path of paths) {
    const png = await readable(path, reader)
    if (!png) continue
    census.palette ??= png.palette
    census.isColor ||= isColorMask(png, classFile)
    for (const code of codesOf(png, 'color')) census.colors.add(code)
    if (!census.isColor) for (const code of codesOf(png, 'index')) census.values.add(code)
  }
  return census
}

function codesOf(png: LabelPng, kind: LabelCoding['kind']): number[] {
  return [...countCodes(pixelCodes(png, kind)).keys()]
}

/** null for a mask that cannot be decoded: the import reports it. */
async function readable(path: string, reader: FolderReader): Promise<LabelPng | null> {
  try {
    return decodeLabelPng(await reader.bytes(path))
  } catch (error) {
    if (error instanceof FileFault) return null
    throw error
  }
}

/**
 * Whether colours count: an RGB mask that is not grey, or a palette whose used colours the class file lists, in another
 * order than its lines.
 */
function isColorMask(png: LabelPng, classFile: ClassFile | null): boolean {
  const { colors, palette } = png
  if (colors) return !isGrey(colors)
  if (!palette || !classFile?.entries.some(({ color }) => color)) return false
  const lines = classFile.entries.map(({ color }) => color && packColor(...color))
  const isInPlace = (index: number) => {
    return index === IGNORE || lines[index] === null || lines[index] === packColor(...(palette[index] ?? [0, 0, 0]))
  }
  if (codesOf(png, 'index').every(isInPlace)) return false
  const listed = new Set(lines)
  return codesOf(png, 'color').every((code) => code === BLACK || listed.has(code))
}

function listedColors({ path, entries }: ClassFile): InferredClasses {
  const kept = entries.filter(({ color, isVoid }) => color && !isVoid)
  checkClassCount(`"${path}"`, kept.length)
  const classes = kept.map(({ name, color }): ClassDefinition => ({ name, color: color ?? [0, 0, 0] }))
  const known = new Set([BLACK, ...entries.flatMap(({ color }) => (color ? [packColor(...color)] : []))])
  return {
    classes,
    coding: { coding: { kind: 'color', entries: classes.map(({ color }, id) => [...color, id]) }, known },
    description: `Colours are mapped by "${path}".`,
  }
}

function foundColors({ colors }: Census, maskPaths: readonly string[]): InferredClasses {
  if (colors.size > MOST_UNNAMED) {
    throw new AppError(
      'bad_label',
      `The masks (such as "${maskPaths[0]}") hold ${colors.size} different colours; a label map has one for each class.`,
      'Export the masks without anti-aliasing or compression loss, or add a label_colors.txt with one "r g b name" a line.',
    )
  }
  const classes = [...colors]
    .sort((a, b) => a - b)
    .map((code): ClassDefinition => {
      const color: Color = [code >> 16, (code >> 8) & 255, code & 255]
      return { name: code === BLACK ? 'background' : hexColor(color), color }
    })
  return {
    classes,
    coding: { coding: { kind: 'color', entries: classes.map(({ color }, id) => [...color, id]) }, known: colors },
    description: `Each of the masks' ${classes.length} colours is a class; a label_colors.txt would name them.`,
  }
}

function listedIndices({ path, entries }: ClassFile, palette: Color[] | null): InferredClasses {
  const classOf = new Map<number, number>()
  const voids: number[] = []
  const classes: ClassDefinition[] = []
  entries.forEach((entry) => {
    const { value } = entry
    if (entry.isVoid) voids.push(value)
    else {
      classOf.set(value, classes.length)
      classes.push({ name: entry.name, color: colorOf(entry, value, palette) })
    }
  })
  checkClassCount(`"${path}"`, classes.length)
  return { classes, coding: tableCoding(classOf, voids), description: `Class names are from "${path}", by line.` }
}

function colorOf({ color }: ClassEntry, value: number, palette: Color[] | null): Color {
  return color ?? palette?.[value] ?? generatedColor(value)
}

function foundIndices({ values, palette }: Census): InferredClasses {
  const ids = [...values].filter((code) => code < IGNORE).sort((a, b) => a - b)
  if (values.has(IGNORE) && ids.length === 1 && ids[0] === 0) return binary()
  const largest = ids.at(-1) ?? -1
  // Few values far apart are grey levels that stand for classes; otherwise ids count from 0, and some did not occur.
  const isSparse = largest >= MOST_UNNAMED || (largest >= 16 && ids.length * 2 < largest)
  const listed = isSparse ? ids : Array.from({ length: largest + 1 }, (_, value) => value)
  const classes = listed.map((value): ClassDefinition => {
    return { name: isSparse ? `value ${value}` : `class ${value}`, color: palette?.[value] ?? generatedColor(value) }
  })
  return {
    classes,
    coding: tableCoding(new Map(listed.map((value, id) => [value, id])), []),
    description: `The masks hold ${classes.length} class ids, 255 is void; a classes.txt would name them.`,
  }
}

function binary(): InferredClasses {
  const classes: ClassDefinition[] = [
    { name: 'background', color: [60, 60, 60] },
    { name: 'foreground', color: generatedColor(1) },
  ]
  const coding = tableCoding(
    new Map([
      [0, 0],
      [IGNORE, 1],
    ]),
    [],
  )
  return { classes, coding, description: 'The masks are black and white: background and foreground.' }
}
