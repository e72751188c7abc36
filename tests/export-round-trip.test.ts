/** Folders in the datasets' own layouts: their exports, put beside the images, are read back by the import, pixel for pixel. */
import { expect, test } from 'vitest'
import type { ClassDefinition } from '../src/domain/classes'
import { CAMVID_CLASSES, CITYSCAPES_CLASSES } from '../src/domain/classes'
import type { ExportFormat } from '../src/domain/export'
import { IGNORE } from '../src/domain/labels'
import type { ExportedImage } from '../src/export/export-format'
import { createExporter } from '../src/export/formats'
import { randomStream } from '../src/math/random'
import { find, idsOf } from './support/test-folder'

interface Layout {
  format: ExportFormat
  classes: ClassDefinition[]
  /** By the path of an image, where the readers of the dataset look for its mask. */
  masks: Record<string, string>
}

const OWN_CLASSES: ClassDefinition[] = [
  { name: 'wood', color: [10, 90, 20] },
  { name: 'sea', color: [0, 0, 0] },
  { name: 'sand', color: [224, 224, 192] },
]

const LAYOUTS: Record<string, Layout> = {
  'index PNGs': {
    format: 'index',
    classes: OWN_CLASSES,
    masks: {
      'images/a.jpg': 'labels/a.png',
      'images/rgb/b.jpg': 'labels/b.png',
      'images/day/a.jpg': 'labels/day/a.png',
      'images/x.jpg': 'labels/x.jpg.png',
      'images/x.webp': 'labels/x.webp.png',
    },
  },
  Cityscapes: {
    format: 'cityscapes',
    classes: CITYSCAPES_CLASSES,
    masks: {
      'leftImg8bit/train/ulm/ulm_000001_000019_leftImg8bit.png':
        'gtFine/train/ulm/ulm_000001_000019_gtFine_labelTrainIds.png',
      'leftImg8bit/train/bonn/bonn_000001_000019_leftImg8bit.png':
        'gtFine/train/bonn/bonn_000001_000019_gtFine_labelTrainIds.png',
      'leftImg8bit/val/lindau/lindau_000001_000019_leftImg8bit.png':
        'gtFine/val/lindau/lindau_000001_000019_gtFine_labelTrainIds.png',
    },
  },
  'Cityscapes, its folder of images alone': {
    format: 'cityscapes',
    classes: CITYSCAPES_CLASSES,
    masks: {
      'train/ulm/ulm_000001_000019_leftImg8bit.png': 'gtFine/train/ulm/ulm_000001_000019_gtFine_labelTrainIds.png',
      'val/lindau/lindau_000001_000019_leftImg8bit.png':
        'gtFine/val/lindau/lindau_000001_000019_gtFine_labelTrainIds.png',
    },
  },
  BDD100K: {
    format: 'bdd100k',
    classes: CITYSCAPES_CLASSES,
    masks: {
      'images/10k/train/abc-1.jpg': 'labels/sem_seg/masks/train/abc-1.png',
      'images/10k/train/abc-2.jpg': 'labels/sem_seg/masks/train/abc-2.png',
      'images/10k/val/abc-1.jpg': 'labels/sem_seg/masks/val/abc-1.png',
    },
  },
  CamVid: {
    format: 'camvid',
    classes: CAMVID_CLASSES,
    masks: {
      'train/0001TP_006690.png': 'trainannot/0001TP_006690.png',
      'train/0001TP_006720.png': 'trainannot/0001TP_006720.png',
      'val/0016E5_07959.png': 'valannot/0016E5_07959.png',
    },
  },
  'CamVid with classes of its own': {
    format: 'camvid',
    classes: OWN_CLASSES,
    masks: { 'train/1.png': 'trainannot/1.png', 'train/2.png': 'trainannot/2.png', 'val/1.png': 'valannot/1.png' },
  },
  'Pascal VOC': {
    format: 'voc',
    classes: OWN_CLASSES,
    masks: {
      'JPEGImages/2007_000032.jpg': 'SegmentationClass/2007_000032.png',
      'JPEGImages/2007_000033.jpg': 'SegmentationClass/2007_000033.png',
      'JPEGImages/2007_000039.jpg': 'SegmentationClass/2007_000039.png',
    },
  },
  CVAT: {
    format: 'cvat',
    classes: OWN_CLASSES,
    masks: {
      'images/day/a.jpg': 'SegmentationClass/day/a.png',
      'images/night/a.jpg': 'SegmentationClass/night/a.png',
      'images/b.jpg': 'SegmentationClass/b.png',
    },
  },
}

const OTHER_MASKS = /_gtFine_(labelIds|color)\.png$|\/colormaps\/|^SegmentationObject\//

const SIZE = { height: 6, width: 9 }

/** Labels on everything in the first image, in every class; on about half of the others, in few. */
function labelsOf(index: number, classCount: number): Uint8Array {
  const random = randomStream(index, 'labels')
  return Uint8Array.from({ length: SIZE.height * SIZE.width }, (_, i) => {
    if (index === 0) return i % classCount
    return i % 2 === 0 ? IGNORE : (index + random.below(2)) % classCount
  })
}

test.each(Object.entries(LAYOUTS))('%s', async (_, { format, classes, masks }) => {
  const paths = Object.keys(masks)
  const { items } = await find(paths)
  const images = items.map(({ name, path, split }, i): ExportedImage => {
    return { name, fileName: path, split, size: SIZE, classes: labelsOf(i, classes.length) }
  })
  const exporter = createExporter(format, classes, images)
  const written = [...images.flatMap((image) => exporter.image(image)), ...exporter.finish()]
  const files = new Map(written.map(({ path, content }) => [path, content as Uint8Array | string]))
  expect(files.size).toBe(written.length)

  const read = await find(paths, Object.fromEntries(files))
  // Beside the masks that are read lie others of the same images; each is named.
  for (const { path } of read.problems) expect(path).toMatch(OTHER_MASKS)
  expect(Object.fromEntries(read.items.map(({ path, mask }) => [path, mask?.path]))).toEqual(masks)
  expect(read.classes.map(({ name }) => name)).toEqual(classes.map(({ name }) => name))
  for (const { path, mask } of read.items) {
    if (!mask) throw new Error(`${path} has no mask`)
    const image = images.find(({ fileName }) => fileName === path)
    expect([path, ...idsOf(path, mask, Object.fromEntries(files))]).toEqual([path, ...(image?.classes ?? [])])
  }
})
