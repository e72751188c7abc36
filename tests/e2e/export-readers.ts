/**
 * Exports as the users of each layout read them, with no code of the exporters: archives by fflate (written by zip.js), PNGs by
 * pngjs (written by fast-png), run lengths by their definition.
 */
import { unzipSync } from 'fflate'
import { PNG } from 'pngjs'
import { expect } from 'vitest'
import type { ExportFormat } from '../../src/domain/export.ts'

export type Files = ReadonlyMap<string, Uint8Array>

export interface Mask {
  width: number
  height: number
  /** Names by row, null where nothing is labelled. */
  names: (string | null)[]
}

/** Path of each mask (COCO: of each image), and what is in it. */
export type Masks = Map<string, Mask>

export const UNLABELLED = 255

/** The files of a zip by path. */
export function unzip(bytes: Uint8Array): Map<string, Uint8Array> {
  const paths: string[] = []
  const files = unzipSync(bytes, { filter: ({ name }) => paths.push(name) > 0 })
  expect(paths).toEqual([...new Set(paths)])
  expect(paths.filter((path) => path.endsWith('/'))).toEqual([])
  return new Map(Object.entries(files))
}

/** Where a PNG says what its pixels are, and what it says. */
const COLOR_TYPE = 25
const GREY = 0
const RGB = 2
const PALETTE = 3

interface Raster {
  width: number
  height: number
  values: number[]
}

function fileOf(files: Files, path: string): Uint8Array {
  const file = files.get(path)
  if (!file) throw new Error(`There is no ${path} in ${[...files.keys()].join(', ')}`)
  return file
}

function linesOf(files: Files, path: string): string[] {
  const text = new TextDecoder().decode(fileOf(files, path))
  expect(text.endsWith('\n')).toBe(true)
  return text.slice(0, -1).split('\n')
}

function pixels(bytes: Uint8Array, valueAt: (rgba: Uint8Array, at: number) => number, checkCRC = true): Raster {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes), { checkCRC })
  return { width, height, values: Array.from({ length: width * height }, (_, i) => valueAt(data, 4 * i)) }
}

function grey(bytes: Uint8Array, checkCRC = true): Raster {
  expect(bytes[COLOR_TYPE]).toBe(GREY)
  return pixels(bytes, (rgba, at) => rgba[at], checkCRC)
}

/** Red, green and blue as one number. */
function rgb(bytes: Uint8Array): Raster {
  expect(bytes[COLOR_TYPE]).toBe(RGB)
  return pixels(bytes, (rgba, at) => packed(rgba.subarray(at, at + 3)))
}

/** The values of a palette PNG, read as if they were greys, since pngjs looks them up otherwise; and the colours of the values. */
function indexed(bytes: Uint8Array): Raster & { colors: number[] } {
  expect(bytes[COLOR_TYPE]).toBe(PALETTE)
  const asGrey = Uint8Array.from(bytes)
  asGrey[COLOR_TYPE] = GREY
  const raster = grey(asGrey, false)
  const painted = pixels(bytes, (rgba, at) => packed(rgba.subarray(at, at + 3)))
  const { palette } = PNG.sync.read(Buffer.from(bytes)) as unknown as { palette: number[][] }
  const colors = palette.map(packed)
  expect(painted.values).toEqual(raster.values.map((value) => colors[value]))
  return { ...raster, colors }
}

function packed([red, green, blue]: Iterable<number>): number {
  return red * 65536 + green * 256 + blue
}

/** The mask whose values have names; a value without any is an error. */
function named({ width, height, values }: Raster, nameOf: ReadonlyMap<number, string | null>): Mask {
  const unknown = new Set(values.filter((value) => !nameOf.has(value)))
  expect([...unknown]).toEqual([])
  return { width, height, names: values.map((value) => nameOf.get(value) ?? null) }
}

/** Names by their place in a list, as masks of class ids count them. */
function byPlace(names: readonly string[]): Map<number, string | null> {
  return new Map([...names.map((name, id) => [id, name] as const), [UNLABELLED, null] as const])
}

/** Names as lists of one class a line have them: '#' would begin a comment, and ':' ends a name in a label map. */
function listed(names: readonly string[]): string[] {
  return names.map((name) => name.replace('#', '').replace(': ', ' '))
}

/** `r g b name` a line, in the order of the ids; what is not labelled comes last. */
function colorTable(files: Files, path: string, classes: readonly string[]): { name: string; color: number }[] {
  const table = linesOf(files, path).map((line) => {
    const [, red, green, blue, name] = /^(\d+) (\d+) (\d+) (.+)$/.exec(line) ?? []
    return { name, color: packed([red, green, blue].map(Number)) }
  })
  expect(new Set(table.map(({ color }) => color)).size).toBe(table.length)
  expect(table.map(({ name }) => name)).toEqual([...listed(classes), 'unlabelled'])
  expect(table.at(-1)?.color).toBe(packed([224, 224, 192]))
  return table.slice(0, -1).map(({ color }, id) => ({ name: classes[id], color }))
}

/** `name:r,g,b::` a line, behind the classes what is not labelled. */
function labelMap(files: Files, classes: readonly string[]): Map<number, string | null> {
  const entries = linesOf(files, 'labelmap.txt').filter((line) => !line.startsWith('#'))
  expect(entries.map((entry) => entry.split(':')[0])).toEqual([...listed(classes), 'unlabelled'])
  const colors = entries.map((entry) => {
    const [, color, ...rest] = entry.split(':')
    expect(rest).toEqual(['', ''])
    return packed(color.split(',').map(Number))
  })
  expect(new Set(colors).size).toBe(colors.length)
  return new Map(colors.map((color, id) => [color, classes[id] ?? null]))
}

function pathsOf(files: Files, pattern: RegExp): string[] {
  return [...files.keys()].filter((path) => pattern.test(path))
}

/** Colours beside a mask of class ids: they say the same. */
function expectSameColors(
  files: Files,
  path: string,
  mask: Mask,
  table: readonly { name: string; color: number }[],
): void {
  const colors = new Map(table.map(({ name, color }) => [color, name]))
  const { values } = rgb(fileOf(files, path))
  expect(values.map((color) => colors.get(color) ?? null)).toEqual(mask.names)
}

function readIndex(files: Files, classes: readonly string[]): Masks {
  const table = colorTable(files, 'label_colors.txt', classes)
  expect(linesOf(files, 'classes.txt')).toEqual(listed(classes))
  const masks: Masks = new Map()
  for (const path of pathsOf(files, /^labels\/.*\.png$/)) {
    const raster = indexed(fileOf(files, path))
    expect(raster.colors.slice(0, classes.length)).toEqual(table.map(({ color }) => color))
    masks.set(path, named(raster, byPlace(classes)))
  }
  return masks
}

/** Ids of the class names in labels.py of Cityscapes; whatever it does not have is 0, as what is not labelled. */
const LABEL_IDS: Record<string, number> = {
  road: 7,
  vegetation: 21,
  sky: 23,
  'traffic light': 19,
  car: 26,
}

function readCityscapes(files: Files, classes: readonly string[]): Masks {
  const table = colorTable(files, 'label_color.txt', classes)
  const masks: Masks = new Map()
  for (const path of pathsOf(files, /_gtFine_labelTrainIds\.png$/)) {
    const mask = named(grey(fileOf(files, path)), byPlace(classes))
    const beside = (kind: string) => path.replace('labelTrainIds', kind)
    const labelIds = grey(fileOf(files, beside('labelIds'))).values
    expect(labelIds).toEqual(mask.names.map((name) => LABEL_IDS[name ?? ''] ?? 0))
    expectSameColors(files, beside('color'), mask, table)
    masks.set(path, mask)
  }
  return masks
}

function readBdd100k(files: Files, classes: readonly string[]): Masks {
  const table = colorTable(files, 'label_colors.txt', classes)
  const masks: Masks = new Map()
  for (const path of pathsOf(files, /^labels\/sem_seg\/masks\//)) {
    const mask = named(grey(fileOf(files, path)), byPlace(classes))
    expectSameColors(files, path.replace('/masks/', '/colormaps/'), mask, table)
    masks.set(path, mask)
  }
  return masks
}

function readCamvid(files: Files, classes: readonly string[]): Masks {
  colorTable(files, 'label_colors.txt', classes)
  const masks: Masks = new Map()
  for (const list of pathsOf(files, /^(train|val)\.txt$/)) {
    for (const line of linesOf(files, list)) {
      const [, image, path] = /^(\S+) (\S+)$/.exec(line) ?? []
      // A mask is called after the file where another differs from it in its extension alone.
      const name = path.replace('annot/', '/').slice(0, -'.png'.length)
      expect([image, image.slice(0, image.lastIndexOf('.'))]).toContain(name)
      masks.set(path, named(grey(fileOf(files, path)), byPlace(classes)))
    }
  }
  return masks
}

function readVoc(files: Files, classes: readonly string[]): Masks {
  expect(linesOf(files, 'class_names.txt')).toEqual(listed(classes))
  const colors = labelMap(files, classes)
  const masks: Masks = new Map()
  for (const list of pathsOf(files, /^ImageSets\/Segmentation\/(train|val)\.txt$/)) {
    for (const name of linesOf(files, list)) {
      const path = `SegmentationClass/${name}.png`
      const raster = indexed(fileOf(files, path))
      const mask = named(raster, byPlace(classes))
      // Both ways in: by the index, and by the colour that the label map names.
      const painted = named({ ...raster, values: raster.values.map((value) => raster.colors[value]) }, colors)
      expect(painted).toEqual(mask)
      masks.set(path, mask)
    }
  }
  return masks
}

function readCvat(files: Files, classes: readonly string[]): Masks {
  const colors = labelMap(files, classes)
  const masks: Masks = new Map()
  for (const name of linesOf(files, 'ImageSets/Segmentation/default.txt')) {
    const path = `SegmentationClass/${name}.png`
    const mask = named(rgb(fileOf(files, path)), colors)
    // Objects are of one class each, and black where there is none.
    const objects = rgb(fileOf(files, `SegmentationObject/${name}.png`)).values
    const classOf = new Map(objects.map((color, i) => [color, mask.names[i]]))
    expect(objects.map((color) => classOf.get(color))).toEqual(mask.names)
    expect(new Set(classOf.values()).size).toBe(classOf.size)
    expect(objects.map((color) => color === 0)).toEqual(mask.names.map((each) => each === null))
    masks.set(path, mask)
  }
  return masks
}

interface CocoDocument {
  images: { id: number; file_name: string; width: number; height: number }[]
  categories: { id: number; name: string }[]
  annotations: {
    image_id: number
    category_id: number
    area: number
    bbox: number[]
    iscrowd: number
    segmentation: { size: [number, number]; counts: string }
  }[]
}

function readCoco(files: Files, classes: readonly string[]): Masks {
  const masks: Masks = new Map()
  for (const path of pathsOf(files, /^annotations\/stuff_(train|val)\.json$/)) {
    const document: CocoDocument = JSON.parse(new TextDecoder().decode(fileOf(files, path)))
    expect(document.categories.map(({ id, name }) => [id, name])).toEqual(classes.map((name, id) => [id + 1, name]))
    for (const { id, file_name: file, width, height } of document.images) {
      const names = new Array<string | null>(width * height).fill(null)
      for (const annotation of document.annotations.filter(({ image_id: image }) => image === id)) {
        const { name = '' } = document.categories.find((category) => category.id === annotation.category_id) ?? {}
        // Readers of objects and stuff leave crowds out.
        expect(annotation.iscrowd).toBe(0)
        expect(annotation.segmentation.size).toEqual([height, width])
        const inside = decodeRuns(unpackRuns(annotation.segmentation.counts), height, width)
        for (const at of inside) {
          expect(names[at]).toBe(null)
          names[at] = name
        }
        expect(annotation).toMatchObject({ area: inside.length, bbox: boxOf(inside, width) })
      }
      expect([...masks.keys()]).not.toContain(file)
      masks.set(file, { width, height, names })
    }
  }
  return masks
}

/**
 * Characters from '0' on stand for six bits, of which the highest says that the number goes on; the others are the number's from the
 * lowest, the last of them its sign. The fourth number and all behind it say how much longer the run is than the one two before.
 */
function unpackRuns(packed: string): number[] {
  const runs: number[] = []
  for (const [group] of packed.matchAll(/[P-o]*[0-O]/g)) {
    const digits = [...group].map((character) => (character.charCodeAt(0) - 48) % 32)
    const unsigned = digits.reduceRight((number, digit) => number * 32 + digit, 0)
    const number = (digits.at(-1) ?? 0) >= 16 ? unsigned - 32 ** digits.length : unsigned
    runs.push(runs.length < 3 ? number : number + runs[runs.length - 2])
  }
  return runs
}

/** Row-major places of the pixels inside: runs go down the columns, outside and inside in turn, beginning outside. */
function decodeRuns(counts: readonly number[], height: number, width: number): number[] {
  const inside: number[] = []
  let at = 0
  counts.forEach((count, run) => {
    for (let end = at + count; at < end; at++)
      if (run % 2 === 1) inside.push((at % height) * width + Math.floor(at / height))
  })
  expect(at).toBe(height * width)
  return inside
}

/** x, y, width, height. */
function boxOf(places: readonly number[], width: number): number[] {
  const xs = places.map((at) => at % width)
  const ys = places.map((at) => Math.floor(at / width))
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1]
}

/** The masks of an export whose classes are these, by id. */
export const READERS: Record<ExportFormat, (files: Files, classes: readonly string[]) => Masks> = {
  index: readIndex,
  cityscapes: readCityscapes,
  bdd100k: readBdd100k,
  camvid: readCamvid,
  voc: readVoc,
  cvat: readCvat,
  coco: readCoco,
}

/** Image path by mask path, as `images.csv` says. */
export function imageTable(files: Files): Map<string, string> {
  const [header, ...rows] = linesOf(files, 'images.csv')
  expect(header).toBe('mask,image')
  return new Map(rows.map((row) => JSON.parse(`[${row}]`)))
}
