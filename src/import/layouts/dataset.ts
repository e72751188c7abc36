/** A folder as it will be imported: images, their masks, and the classes that the masks' pixels have. */
import type { ClassDefinition } from '../../domain/classes'
import type { DatasetFormat, FileProblem, LabelCoding, Split } from '../../domain/dataset'
import type { Size } from '../../domain/size'
import type { LabelPng } from '../../image/label-png'
import type { MaskReading } from '../classes/meaning'

/** Where the class ids of a mask come from. */
export type MaskSource =
  /** The file is stored as it is, with the coding by which it is read. */
  | { kind: 'file'; coding: LabelCoding }
  /** The file's pixels become class ids, which are stored. */
  | { kind: 'reading'; reading: MaskReading }
  /** The shapes of a file of annotations are drawn: H*W class ids, 255 = void. */
  | { kind: 'shapes'; draw: (size: Size) => Uint8Array }

export interface DatasetMask {
  path: string
  /** Width and height of the file as it is stored; null for shapes, which have the size of their image. */
  size: Size | null
  source: MaskSource
  /** Pixels of each class id, 255 for void; null for shapes, which are counted when they are drawn. */
  pixels: ReadonlyMap<number, number> | null
}

export interface DatasetItem {
  /** Path of the image without extension (with it where two images differ in nothing else): unique. */
  name: string
  split: Split
  path: string
  mask: DatasetMask | null
}

export interface Dataset {
  format: DatasetFormat
  /**
   * Sentences for the preview: the layout, the files it was recognised from, and what was left out or drawn at random.
   */
  description: string
  classes: ClassDefinition[]
  /** Sorted by name. */
  items: DatasetItem[]
  /** Images without a mask where others have one: the person decides whether they are imported. */
  unmasked: DatasetItem[]
  problems: FileProblem[]
}

/**
 * The dataset with its images without a mask as items, to be labelled by hand, or else as problems, each a sentence.
 * @param masks paths of the masks that were found, by image, whether or not they can be used
 */
export function withUnmasked(dataset: Dataset, isKept: boolean, masks: ReadonlyMap<string, { path: string }>): Dataset {
  const { items, unmasked, problems } = dataset
  if (!isKept)
    return { ...dataset, unmasked: [], problems: [...problems, ...unmasked.map((item) => leftOut(item, masks))] }
  return { ...dataset, unmasked: [], items: [...items, ...unmasked].sort((a, b) => byCodeUnits(a.name, b.name)) }
}

function leftOut({ path }: DatasetItem, masks: ReadonlyMap<string, { path: string }>): FileProblem {
  const mask = masks.get(path)
  const why = mask
    ? `was left out: its mask "${mask.path}" cannot be used, or has no labelled pixel.`
    : 'has no mask, while other images of this folder have one; it was left out.'
  return {
    path,
    problem: `"${path}" ${why}`,
    remedy: `${mask ? 'Mend its mask' : 'Add its mask under the same name'}, or keep it, to be labelled by hand.`,
  }
}

/** Reads files of a folder: an interface, so that recognition can be tested without any. */
export interface FolderReader {
  text(path: string): Promise<string>
  bytes(path: string): Promise<Uint8Array>
  /**
   * The pixels of a picture of any format. PNGs are decoded to exact values; `isLossy`: by the browser.
   * @throws FileFault
   */
  picture(path: string): Promise<{ mask: LabelPng; isLossy: boolean }>
}

/** Compares by code units: the same order on every machine and in every locale. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
