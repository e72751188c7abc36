/** The layouts that other tools read. Each is described above the function that writes it. */

import type { ClassDefinition } from '../domain/classes'
import { CITYSCAPES_CLASSES } from '../domain/classes'
import type { ExportFormat } from '../domain/export'
import { IGNORE } from '../domain/labels'
import { CITYSCAPES_LABEL_IDS } from '../import/classes/known'
import { type FolderSplit, maskPath } from '../import/layouts/paths'
import { cocoExporter } from './coco'
import {
  classesFile,
  colorPng,
  colorTable,
  distinctColors,
  type ExportedImage,
  type ExportedProject,
  type Exporter,
  greyPng,
  indexPng,
  lines,
  listedNames,
  UNLABELLED_COLOR,
  UNLABELLED_NAME,
} from './export-format'
import { claim, distinctNames, namesInSplits, portablePath, splitOf, withoutCommonFolders } from './names'

const EXPORTERS: Record<ExportFormat, (project: ExportedProject) => Exporter> = {
  index: indexExporter,
  cityscapes: cityscapesExporter,
  bdd100k: bdd100kExporter,
  camvid: camvidExporter,
  voc: vocExporter,
  cvat: cvatExporter,
  coco: cocoExporter,
}

/**
 * An exporter for a project with these classes, by id, and these images, of which the labelled ones are passed to it.
 * `classes.json` lies beside the files of every format: this page reads the classes from it.
 */
export function createExporter(
  format: ExportFormat,
  classes: readonly ClassDefinition[],
  images: ExportedProject['images'],
): Exporter {
  const palette = distinctColors(classes)
  const exporter = EXPORTERS[format]({ palette, images })
  return { image: exporter.image, finish: () => [...exporter.finish(), classesFile(palette)] }
}

/**
 * `labels/<path>.png`, which mirrors the images, beside `classes.txt` and `label_colors.txt`: this page imports it
 * unchanged.
 */
function indexExporter({ palette, images }: ExportedProject): Exporter {
  const nameOf = distinctNames(images, maskPath)
  return {
    image: (image) => [{ path: `labels/${nameOf(image)}.png`, content: indexPng(image, palette) }],
    finish: () => [
      { path: 'classes.txt', content: lines(listedNames(palette)) },
      { path: 'label_colors.txt', content: colorTable(palette) },
    ],
  }
}

/** City and stem of an image of Cityscapes, wherever its folder lies, and without the folder leftImg8bit itself. */
const CITYSCAPES_NAME = /(?:^|\/)[^/]+\/([^/]+)\/([^/]+)_leftImg8bit$/

/**
 * `gtFine/<split>/<city>/<stem>_gtFine_{labelTrainIds,labelIds,color}.png`. Images of Cityscapes keep their city, all
 * others are in one called "images". labelIds are written for classes that Cityscapes has, by name; every other is 0,
 * "unlabeled".
 */
function cityscapesExporter({ palette, images }: ExportedProject): Exporter {
  const labelIds = palette.map(({ name }) => {
    const trainId = CITYSCAPES_CLASSES.findIndex((known) => known.name === name.toLowerCase())
    return CITYSCAPES_LABEL_IDS[trainId] ?? 0
  })
  const nameOf = namesInSplits(images)
  const taken = new Set<string>()
  return {
    image: (image) => {
      const [, city = 'images', stem = nameOf(image)] = CITYSCAPES_NAME.exec(image.name) ?? []
      const path = `gtFine/${claim(taken, portablePath(`${splitOf(image)}/${city}/${stem}`))}_gtFine_`
      return [
        { path: `${path}labelTrainIds.png`, content: greyPng(image) },
        { path: `${path}labelIds.png`, content: greyPng(image, (id) => labelIds[id] ?? 0) },
        { path: `${path}color.png`, content: colorPng(image, palette) },
      ]
    },
    finish: () => [{ path: 'label_color.txt', content: colorTable(palette) }],
  }
}

/** `labels/sem_seg/masks/<split>/<name>.png` of train ids, 255 unknown, with colour masks beside them. */
function bdd100kExporter({ palette, images }: ExportedProject): Exporter {
  const nameOf = namesInSplits(images)
  return {
    image: (image) => {
      const path = `${splitOf(image)}/${nameOf(image)}.png`
      return [
        { path: `labels/sem_seg/masks/${path}`, content: greyPng(image) },
        { path: `labels/sem_seg/colormaps/${path}`, content: colorPng(image, palette) },
      ]
    },
    finish: () => [{ path: 'label_colors.txt', content: colorTable(palette) }],
  }
}

/**
 * `<split>annot/<name>.png` of class ids with `<split>.txt` lists, in which images keep their extension. Pixels without
 * a class are 255, not SegNet's 11.
 */
function camvidExporter({ palette, images }: ExportedProject): Exporter {
  const nameOf = namesInSplits(images)
  const lists = new SplitLists()
  return {
    image: (image) => {
      const { name, fileName } = image
      const split = splitOf(image)
      const path = `${split}annot/${nameOf(image)}.png`
      // Where two images differ in nothing else, names have it already.
      const extension = name === fileName ? '' : fileName.slice(fileName.lastIndexOf('.'))
      lists.add(split, `${split}/${nameOf(image)}${extension} ${path}`)
      return [{ path, content: greyPng(image) }]
    },
    finish: () => [...lists.files(''), { path: 'label_colors.txt', content: colorTable(palette) }],
  }
}

/**
 * Pascal VOC as labelme writes it: palette PNGs in `SegmentationClass`, lists in `ImageSets/Segmentation`,
 * `class_names.txt`.
 */
function vocExporter({ palette, images }: ExportedProject): Exporter {
  const nameOf = distinctNames(images)
  const lists = new SplitLists()
  return {
    image: (image) => {
      const name = nameOf(image)
      lists.add(image.split, name)
      return [{ path: `SegmentationClass/${name}.png`, content: indexPng(image, palette) }]
    },
    finish: () => [
      ...lists.files('ImageSets/Segmentation/'),
      { path: 'class_names.txt', content: lines(listedNames(palette)) },
      { path: 'labelmap.txt', content: labelMap(palette) },
    ],
  }
}

/**
 * CVAT's "Segmentation mask": colour PNGs whose colours `labelmap.txt` names, and objects in the colours of Pascal VOC,
 * the only ones that its reader knows there. All of a class is one object; black is none. Items keep their folders, by
 * which CVAT finds their frames, but those that all have in common: CVAT adds these itself.
 */
function cvatExporter({ palette, images }: ExportedProject): Exporter {
  const nameOf = withoutCommonFolders(images)
  const items: string[] = []
  return {
    image: (image) => {
      const name = nameOf(image)
      items.push(name)
      return [
        { path: `SegmentationClass/${name}.png`, content: colorPng(image, palette) },
        { path: `SegmentationObject/${name}.png`, content: colorPng(image, OBJECTS) },
      ]
    },
    finish: () => [
      { path: 'labelmap.txt', content: labelMap(palette) },
      { path: 'ImageSets/Segmentation/default.txt', content: lines(items) },
    ],
  }
}

/**
 * By class id, the colour of object id + 1 in the scheme of Pascal VOC: the bits of the number, dealt out to red, green
 * and blue.
 */
const OBJECTS = Array.from({ length: 256 }, (_, id) => {
  const color: [number, number, number] = [0, 0, 0]
  for (let bits = id === IGNORE ? 0 : id + 1, place = 7; bits > 0; bits >>= 3, place--) {
    for (let channel = 0; channel < 3; channel++) color[channel] |= ((bits >> channel) & 1) << place
  }
  return { color }
})

/** `name:r,g,b::` a line; pixels without a class have a name of their own. */
function labelMap(palette: readonly ClassDefinition[]): string {
  const names = [...listedNames(palette), UNLABELLED_NAME]
  const entries = names.map((name, id) => `${name}:${(palette[id]?.color ?? UNLABELLED_COLOR).join(',')}::`)
  return lines(['# label:color_rgb:parts:actions', ...entries])
}

/** A text file of images for each split. */
class SplitLists {
  readonly #lists = new Map<FolderSplit, string[]>()

  add(split: FolderSplit, line: string) {
    const list = this.#lists.get(split)
    if (list) list.push(line)
    else this.#lists.set(split, [line])
  }

  files(folder: string) {
    return [...this.#lists].map(([split, entries]) => ({ path: `${folder}${split}.txt`, content: lines(entries) }))
  }
}

/** Whether any pixel of the image has a class. */
export function hasLabels({ classes }: Pick<ExportedImage, 'classes'>): boolean {
  return classes.some((id) => id !== IGNORE)
}
