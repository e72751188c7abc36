/** A recognised folder: images, their masks, and the class ids that the masks' values stand for. */
import type { ClassDefinition } from '../../domain/classes'
import type { DatasetFormat, FileProblem, LabelCoding, Split } from '../../domain/dataset'

/** A coding, and the codes that masks may hold; any other code is a mistake in the mask. */
export interface MaskCoding {
  coding: LabelCoding
  /** Indices, or colours as 0xRRGGBB, that name a class or void; null where every code is allowed. */
  known: ReadonlySet<number> | null
}

export interface DatasetMask {
  path: string
  coding: MaskCoding
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
 */
export function withUnmasked(dataset: Dataset, isKept: boolean): Dataset {
  const { items, unmasked, problems } = dataset
  if (!isKept) return { ...dataset, unmasked: [], problems: [...problems, ...unmasked.map(leftOut)] }
  return { ...dataset, unmasked: [], items: [...items, ...unmasked].sort((a, b) => byCodeUnits(a.name, b.name)) }
}

function leftOut({ path }: DatasetItem): FileProblem {
  return {
    path,
    problem: `"${path}" has no mask, while other images of this folder have one; it was left out.`,
    remedy: 'Add its mask under the same name, or keep it, to be labelled by hand.',
  }
}

/** Reads files of a folder: an interface, so that recognition can be tested without any. */
export interface FolderReader {
  text(path: string): Promise<string>
  bytes(path: string): Promise<Uint8Array>
}

/** Compares by code units: the same order on every machine and in every locale. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
