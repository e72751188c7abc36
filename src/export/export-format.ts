/** The parts of every export format: files with paths, one mask for each image. Pure. */
import { encode } from 'fast-png'
import type { ClassDefinition } from '../domain/classes'
import { generatedColor, oneLineName } from '../domain/classes'
import type { Split } from '../domain/dataset'
import { IGNORE } from '../domain/labels'
import type { Size } from '../domain/size'
import { isVoidName } from '../import/class-files/names'
import { claim } from './names'

/** One labelled image to be exported. */
export interface ExportedImage {
  /** Path without extension, as imported (with it where two images differ in nothing else): unique in the project. */
  name: string
  /** Path of the image file, as imported. */
  fileName: string
  split: Split
  size: Size
  /** H*W class ids, 255 where no class is given: never background. */
  classes: Uint8Array
}

export interface ExportFile {
  path: string
  content: Uint8Array | string | Blob
}

/** Facts that an exporter gets before the first image. */
export interface ExportedProject {
  /** The classes by id, in colours that differ from each other. */
  palette: readonly ClassDefinition[]
  /** All images of the project, labelled or not. */
  images: readonly Pick<ExportedImage, 'name' | 'split'>[]
}

/** A format that is writing one project. */
export interface Exporter {
  /** Files of the image's masks, the mask to train on first. */
  image(image: ExportedImage): ExportFile[]
  /** Lists and tables, after the last image. */
  finish(): ExportFile[]
}

/** Colour of pixels without a class: that of void in the Pascal VOC sets, which no class has. */
export const UNLABELLED_COLOR: [number, number, number] = [224, 224, 192]
export const UNLABELLED_NAME = 'unlabelled'

/**
 * The classes in colours that differ from each other and from the colour of pixels without a class: in a colour mask,
 * equal colours would be one class. The first of equal colours stays. Names are on one line.
 */
export function distinctColors(classes: readonly ClassDefinition[]): ClassDefinition[] {
  const own = new Set([UNLABELLED_COLOR, ...classes.map(({ color }) => color)].map(String))
  const taken = new Set([String(UNLABELLED_COLOR)])
  return classes.map(({ name, color }, id) => {
    let chosen = color
    for (let index = id; taken.has(String(chosen)); index++) {
      const other = generatedColor(index)
      if (!own.has(String(other))) chosen = other
    }
    taken.add(String(chosen))
    return { name: oneLineName(name), color: chosen }
  })
}

/** An 8-bit palette PNG whose indices are the class ids; 255 is a pixel without a class. */
export function indexPng(
  { classes, size }: Pick<ExportedImage, 'classes' | 'size'>,
  palette: readonly ClassDefinition[],
) {
  const colors = Array.from({ length: 256 }, (_, id) => palette[id]?.color ?? [0, 0, 0])
  colors[IGNORE] = UNLABELLED_COLOR
  return encode({ ...size, data: classes, depth: 8, channels: 1, palette: colors })
}

/** An 8-bit grey PNG. `codeOf` gives the value of a class id, for formats that number classes otherwise. */
export function greyPng({ classes, size }: ExportedImage, codeOf: (classId: number) => number = (id) => id) {
  const values = Uint8Array.from({ length: 256 }, (_, id) => codeOf(id))
  return encode({ ...size, data: classes.map((id) => values[id]), depth: 8, channels: 1 })
}

/** A colour PNG in the classes' colours. */
export function colorPng({ classes, size }: ExportedImage, palette: readonly Pick<ClassDefinition, 'color'>[]) {
  const data = new Uint8Array(3 * classes.length)
  for (const [i, id] of classes.entries()) data.set(palette[id]?.color ?? UNLABELLED_COLOR, 3 * i)
  return encode({ ...size, data, depth: 8, channels: 3 })
}

/** `images.csv`: the image of every mask, for formats that name masks otherwise. */
export function imageTable(rows: readonly (readonly [mask: string, image: string])[]): ExportFile {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const entries = rows.map((row) => row.map(quoted).join(','))
  return { path: 'images.csv', content: lines(['mask,image', ...entries]) }
}

/** `classes.json`: ids, names and colours as they are, which the lists of other tools cannot hold for every name. */
export function classesFile(palette: readonly ClassDefinition[]): ExportFile {
  const classes = palette.map(({ name, color }, id) => ({ id, name, color }))
  return { path: 'classes.json', content: JSON.stringify({ format: 'cpral-studio classes', classes, void: IGNORE }) }
}

/**
 * Names by id for lists with one class a line: no reader takes one of them for a comment, for void, for the end of a
 * name or for another class, so that none shifts the ids of those below it.
 */
export function listedNames(palette: readonly ClassDefinition[]): string[] {
  const taken = new Set([UNLABELLED_NAME])
  return palette.map(({ name }) => claim(taken, listedName(name), (text) => text))
}

function listedName(name: string): string {
  const plain = name
    .replace(/\s*:\s*/g, ' ')
    .replace(/^(?:\s|#|\/\/)+/, '')
    .trim()
  if (plain === '') return 'class'
  return isVoidName(plain) || plain === '__ignore__' ? `class_${plain}` : plain
}

/** `r g b name` a line, in the order of the class ids; the last line is for pixels without a class. */
export function colorTable(palette: readonly ClassDefinition[]): string {
  const names = [...listedNames(palette), UNLABELLED_NAME]
  return lines(names.map((name, id) => `${(palette[id]?.color ?? UNLABELLED_COLOR).join(' ')} ${name}`))
}

export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}
