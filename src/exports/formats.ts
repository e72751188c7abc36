/** The layouts that other tools read. Each is described where its masks are written. */
import { CITYSCAPES_CLASSES } from '../annotation/class-sets'
import { CITYSCAPES_LABEL_IDS } from '../datasets/classes'
import { maskPath } from '../datasets/paths'
import { type ClassDefinition, IGNORE, type Split } from '../storage/schema'
import { cocoExporter } from './coco'
import {
  claim,
  colorPng,
  colorTable,
  distinctColors,
  type ExportedImage,
  type Exporter,
  type ExportFormat,
  greyPng,
  indexPng,
  lines,
  UNLABELLED_COLOR,
  UNLABELLED_NAME,
} from './export-format'

type Palette = readonly ClassDefinition[]

const EXPORTERS: Record<ExportFormat, (palette: Palette) => Exporter> = {
  index: indexExporter,
  cityscapes: cityscapesExporter,
  bdd100k: bdd100kExporter,
  camvid: camvidExporter,
  voc: vocExporter,
  cvat: cvatExporter,
  coco: cocoExporter,
}

export function createExporter(format: ExportFormat, classes: Palette): Exporter {
  return EXPORTERS[format](distinctColors(classes))
}

/** `labels/<path>.png`, which mirrors the images, beside `classes.txt` and `label_colors.txt`: this page reads it back as it was. */
function indexExporter(palette: Palette): Exporter {
  const taken = new Set<string>()
  return {
    image: (image) => {
      const path = taken.has(maskPath(image.name)) ? image.name : maskPath(image.name)
      return [{ path: `labels/${claim(taken, path)}.png`, content: indexPng(image, palette) }]
    },
    finish: () => [
      { path: 'classes.txt', content: lines(palette.map(({ name }) => name)) },
      { path: 'label_colors.txt', content: colorTable(palette) },
    ],
  }
}

/** City and stem of an image of Cityscapes, wherever its folder lies. */
const CITYSCAPES_NAME = /(?:^|\/)leftImg8bit\/[^/]+\/([^/]+)\/([^/]+)_leftImg8bit$/

/**
 * `gtFine/<split>/<city>/<stem>_gtFine_{labelTrainIds,labelIds,color}.png`. Images of Cityscapes keep their city, all
 * others are in one called "images". labelIds are written for classes that Cityscapes has, by name; every other is 0, "unlabeled".
 */
function cityscapesExporter(palette: Palette): Exporter {
  const labelIds = palette.map(({ name }) => {
    const trainId = CITYSCAPES_CLASSES.findIndex((known) => known.name === name.toLowerCase())
    return CITYSCAPES_LABEL_IDS[trainId] ?? 0
  })
  const taken = new Set<string>()
  return {
    image: (image) => {
      const [, city = 'images', stem = image.flatName] = CITYSCAPES_NAME.exec(image.name) ?? []
      const path = `gtFine/${claim(taken, `${image.split}/${city}/${stem}`)}_gtFine_`
      return [
        { path: `${path}labelTrainIds.png`, content: greyPng(image) },
        { path: `${path}labelIds.png`, content: greyPng(image, (id) => labelIds[id] ?? 0) },
        { path: `${path}color.png`, content: colorPng(image, palette) },
      ]
    },
    finish: () => [{ path: 'label_color.txt', content: colorTable(palette) }],
  }
}

/** `labels/sem_seg/masks/<split>/<name>.png` of train ids, 255 unknown; the colours beside them. */
function bdd100kExporter(palette: Palette): Exporter {
  return {
    image: (image) => [
      { path: `labels/sem_seg/masks/${image.split}/${image.flatName}.png`, content: greyPng(image) },
      { path: `labels/sem_seg/colormaps/${image.split}/${image.flatName}.png`, content: colorPng(image, palette) },
    ],
    finish: () => [{ path: 'label_colors.txt', content: colorTable(palette) }],
  }
}

/**
 * `<split>annot/<name>.png` of class ids with `<split>.txt` lists, in which images keep their extension. 255, not SegNet's 11, is
 * what is not labelled.
 */
function camvidExporter(palette: Palette): Exporter {
  const lists = new SplitLists()
  return {
    image: (image) => {
      const extension = image.fileName.slice(image.fileName.lastIndexOf('.'))
      lists.add(image.split, `${image.split}/${image.flatName}${extension} ${image.split}annot/${image.flatName}.png`)
      return [{ path: `${image.split}annot/${image.flatName}.png`, content: greyPng(image) }]
    },
    finish: () => [...lists.files(''), { path: 'label_colors.txt', content: colorTable(palette) }],
  }
}

/** Pascal VOC as labelme writes it: palette PNGs in `SegmentationClass`, lists in `ImageSets/Segmentation`, `class_names.txt`. */
function vocExporter(palette: Palette): Exporter {
  const lists = new SplitLists()
  return {
    image: (image) => {
      lists.add(image.split, image.flatName)
      return [{ path: `SegmentationClass/${image.flatName}.png`, content: indexPng(image, palette) }]
    },
    finish: () => [
      ...lists.files('ImageSets/Segmentation/'),
      { path: 'class_names.txt', content: lines(palette.map(({ name }) => name)) },
      { path: 'labelmap.txt', content: labelMap(palette) },
    ],
  }
}

/**
 * CVAT's "Segmentation mask": colour PNGs whose colours `labelmap.txt` names, and objects in the colours of Pascal VOC, the only ones
 * that its reader knows there. All of a class is one object; black is none.
 */
function cvatExporter(palette: Palette): Exporter {
  const names: string[] = []
  return {
    image: (image) => {
      names.push(image.flatName)
      return [
        { path: `SegmentationClass/${image.flatName}.png`, content: colorPng(image, palette) },
        { path: `SegmentationObject/${image.flatName}.png`, content: colorPng(image, OBJECTS) },
      ]
    },
    finish: () => [
      { path: 'labelmap.txt', content: labelMap(palette) },
      { path: 'ImageSets/Segmentation/default.txt', content: lines(names) },
    ],
  }
}

/** By class id, the colour of object id + 1 in the scheme of Pascal VOC: the bits of the number, dealt out to r, g and b. */
const OBJECTS = Array.from({ length: 256 }, (_, id) => {
  const color: [number, number, number] = [0, 0, 0]
  for (let bits = id === IGNORE ? 0 : id + 1, place = 7; bits > 0; bits >>= 3, place--) {
    for (let channel = 0; channel < 3; channel++) color[channel] |= ((bits >> channel) & 1) << place
  }
  return { color }
})

/** `name:r,g,b::` a line, what is not labelled with a name of its own. */
function labelMap(palette: Palette): string {
  const taken = new Set([UNLABELLED_NAME])
  const unlabelled = `${UNLABELLED_NAME}:${UNLABELLED_COLOR.join(',')}::`
  const entries = palette.map(({ name, color }) => `${claim(taken, plainName(name))}:${color.join(',')}::`)
  return lines(['# label:color_rgb:parts:actions', ...entries, unlabelled])
}

/** A name that is no comment of the label map, and ends where it ends. */
function plainName(name: string): string {
  return name.replace(/^[\s#]+/, '').replaceAll(':', ' ') || 'class'
}

/** A text file of images for each split. */
class SplitLists {
  readonly #lists = new Map<Split, string[]>()

  add(split: Split, line: string) {
    this.#lists.set(split, [...(this.#lists.get(split) ?? []), line])
  }

  files(folder: string) {
    return [...this.#lists].map(([split, entries]) => ({ path: `${folder}${split}.txt`, content: lines(entries) }))
  }
}

/** Whether any pixel of the image has a class. */
export function hasLabels({ classes }: Pick<ExportedImage, 'classes'>): boolean {
  return classes.some((id) => id !== IGNORE)
}
