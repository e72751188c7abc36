/** Projects with odd names: what is exported from them and put beside their images is imported again as it was. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { emptyRaster, pixelLabel } from '../src/annotation/raster'
import { Stroke } from '../src/annotation/stroke'
import { dataService } from '../src/data/data-service'
import { CITYSCAPES_CLASSES, type ClassDefinition, generatedColor } from '../src/domain/classes'
import type { SourceFile, Split } from '../src/domain/dataset'
import type { ExportFormat } from '../src/domain/export'
import { IGNORE, PROVENANCE } from '../src/domain/labels'
import { randomStream } from '../src/math/random'
import { clearDatabase } from './support/database'
import { mask, sourceFiles } from './support/test-files'

const service = dataService()
const signal = new AbortController().signal
const SIZE = { height: 24, width: 40 }

beforeEach(clearDatabase)
afterEach(clearDatabase)

interface Case {
  images: string[]
  classes: ClassDefinition[]
  /** Names of images without any label. */
  unlabelled?: string[]
}

const colored = (...names: string[]): ClassDefinition[] =>
  names.map((name, id) => ({ name, color: generatedColor(id) }))
const PLAIN = ['a.jpg', 'b.png', 'c.jpg']

const CASES: Record<string, Case> = {
  'names of images that no system could unpack, or take for one': {
    images: [
      '2026-01-02T03:04:05.jpg',
      'what?.png',
      'what_.png',
      'aux.jpg',
      'IMG.jpg',
      'img.jpg',
      ' a b .jpg',
      'e\u0301.jpg',
      '100%.jpg',
      'photo_2.jpg',
    ],
    classes: colored('wood', 'sea', 'sand'),
  },
  'names of classes that lists take for something else': {
    images: PLAIN,
    classes: colored(
      'void',
      '__ignore__',
      '#hash',
      'a, b',
      '"quoted"',
      'sign: stop',
      '12 road',
      'Road',
      'road',
      'unlabelled',
      'background',
      '// x',
      'é 背景',
    ),
  },
  'nested folders with equal names': {
    images: ['set/day/1.jpg', 'set/night/1.jpg', 'set/1.jpg', 'set/day/2.jpg', 'set/night/2.png', 'set/day/x/1.jpg'],
    classes: colored('wood', 'sea'),
  },
  'folders of splits, of images, and images without labels': {
    images: ['images/train/1.jpg', 'images/train/2.jpg', 'images/val/1.jpg', 'images/val/3.jpg', 'images/train/4.jpg'],
    classes: colored('wood', 'sea'),
    unlabelled: ['images/train/2'],
  },
  'more images without labels than with': {
    images: ['1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg'],
    classes: colored('wood', 'sea', 'sand'),
    unlabelled: ['1', '3', '4'],
  },
  'two images that differ in their extension alone': {
    images: ['1.jpg', '1.png', '2.jpg'],
    classes: colored('wood', 'sea'),
  },
  'one class': { images: PLAIN, classes: colored('crack') },
  'two classes': { images: PLAIN, classes: colored('background', 'crack') },
  '40 classes': { images: PLAIN, classes: colored(...Array.from({ length: 40 }, (_, id) => `class ${id}`)) },
  "Cityscapes' classes": { images: PLAIN, classes: CITYSCAPES_CLASSES },
  'colours of what is not labelled and of others': {
    images: PLAIN,
    classes: [
      { name: 'sea', color: [0, 0, 0] },
      { name: 'sand', color: [224, 224, 192] },
      { name: 'wood', color: [255, 255, 255] },
      { name: 'forest', color: [255, 255, 255] },
    ],
  },
}

/** Formats in which the files say the splits; the others leave them to the folders of the images. */
const WITH_SPLITS: ExportFormat[] = ['cityscapes', 'bdd100k', 'camvid', 'voc', 'coco']
const FORMATS: ExportFormat[] = ['index', 'cityscapes', 'bdd100k', 'camvid', 'voc', 'cvat', 'coco']
const ALL = Object.keys(CASES).flatMap((name) => FORMATS.map((format) => [format, name] as const))

interface Content {
  split: Split
  /** Class ids, as hexadecimal bytes; null without labels. */
  raster: string | null
}

test.each(ALL)('%s: %s', async (format, name) => {
  const { images, classes, unlabelled = [] } = CASES[name]
  const photos = sourceFiles(
    Object.fromEntries(await Promise.all(images.map(async (path, i) => [path, await noise(path, i)]))),
  )
  // At first a list says that the second image is for validation, and masks make it count.
  const table = images.map((path, i) => `"masks/m${i}.png","${path}"\n`)
  const list = sourceFiles({
    ...(images[1].includes('train/') ? {} : { 'val.txt': `${images[1]}\n` }),
    'images.csv': ['mask,image\n', ...table].join(''),
    ...Object.fromEntries(
      images.map((_, i) => [`masks/m${i}.png`, mask(new Uint8Array(SIZE.width * SIZE.height), SIZE)]),
    ),
  })
  const before = await service.import(
    { name: 'Before', files: [...photos, ...list], classes, keepsUnmasked: true },
    () => {},
    signal,
  )
  expect(before.problems).toEqual([])
  const rasters = await label(before.project.id, classes.length, unlabelled)
  const files = await exported(before.project.id, format)
  const after = await service.import(
    { name: 'After', files: [...photos, ...files], keepsUnmasked: true },
    () => {},
    signal,
  )
  expect(after.project.classes.map((each) => each.name)).toEqual(classes.map((each) => each.name))
  const isDistinct = new Set(classes.map(({ color }) => String(color))).size === classes.length
  if (isDistinct && !name.startsWith('colours')) expect(after.project.classes).toEqual(classes)
  const read = await contents(after.project.id)
  expect(rastersOf(read)).toEqual(rasters)
  if (WITH_SPLITS.includes(format)) {
    const splits = (from: Record<string, Content>) =>
      Object.fromEntries(
        Object.entries(from)
          .filter(([path]) => rasters[path])
          .map(([path, { split }]) => [path, split]),
      )
    expect(splits(read)).toEqual(splits(await contents(before.project.id)))
  }
  // What else lies in the export is named; no image and no mask that counts is.
  for (const { path, problem } of after.problems) expect(path, problem).toMatch(BESIDE)
})

const BESIDE = /_gtFine_(labelIds|color)\.png$|\/colormaps\/|^SegmentationObject\//

/** A photo of noise, by the extension of its path. */
async function noise(path: string, seed: number): Promise<Uint8Array> {
  const random = randomStream(seed, 'photo')
  const canvas = new OffscreenCanvas(SIZE.width, SIZE.height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  const pixels = Uint8ClampedArray.from({ length: 4 * SIZE.width * SIZE.height }, (_, i) =>
    i % 4 === 3 ? 255 : random.below(256),
  )
  context.putImageData(new ImageData(pixels, SIZE.width), 0, 0)
  const blob = await canvas.convertToBlob({ type: path.endsWith('.png') ? 'image/png' : 'image/jpeg' })
  return new Uint8Array(await blob.arrayBuffer())
}

/** Labels all of the first image in all classes, half of the others in few; the class ids by name. */
async function label(projectId: string, classCount: number, unlabelled: readonly string[]) {
  const rasters: Record<string, string | null> = {}
  for (const [index, image] of (await service.listImages({ projectId })).entries()) {
    rasters[image.name] = null
    if (unlabelled.includes(image.name)) continue
    const random = randomStream(index, 'labels')
    const ids = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, i) => {
      const block = Math.floor(i / 4)
      if (index === 0) return block % classCount
      return i % SIZE.width < 20 ? IGNORE : (index + random.below(2)) % classCount
    })
    const stroke = new Stroke(emptyRaster(SIZE))
    for (const [i, id] of ids.entries()) {
      const x = i % SIZE.width
      if (id !== IGNORE) stroke.fill(Math.floor(i / SIZE.width), x, x + 1, pixelLabel(id, PROVENANCE.human))
    }
    const patch = stroke.finish()
    if (!patch) throw new Error('an empty stroke')
    await service.appendStroke({ imageId: image.id, head: 0, stroke: { id: 's', at: 1, tool: 'Brush', patch } })
    rasters[image.name] = hex(ids)
  }
  return rasters
}

async function exported(projectId: string, format: ExportFormat): Promise<SourceFile[]> {
  const result = await service.exportLabels({ projectId, format, runId: null, extended: 'out' }, () => {}, signal)
  if (!result) throw new Error('no labels')
  const archive = new File([result.zip], 'labels.zip')
  const { files, problems } = await service.unzip({ archive, keepsTop: true }, () => {}, signal)
  expect(problems).toEqual([])
  return files
}

async function contents(projectId: string): Promise<Record<string, Content>> {
  const images = await service.listImages({ projectId })
  const read = images.map(async ({ id, name, split }) => {
    const ids = await service.groundTruth({ imageId: id, size: SIZE })
    return [name, { split, raster: ids?.some((each) => each !== IGNORE) ? hex(ids) : null }] as const
  })
  return Object.fromEntries(await Promise.all(read))
}

function rastersOf(read: Record<string, Content>) {
  return Object.fromEntries(Object.entries(read).map(([path, { raster }]) => [path, raster]))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
