/**
 * Images and masks as they come from a person's disk. A mask is a picture of labels: an image of the same size that
 * says which class every pixel has.
 */
import type { ClassDefinition } from './classes'

/**
 * Layouts of folders that are recognised: of three known datasets, and `generic`, images and masks with equal names.
 */
export type DatasetFormat = 'cityscapes' | 'bdd100k' | 'camvid' | 'generic'

/** The two halves of a project: the network learns from `train` images and is measured on `val` (validation) images. */
export type Split = 'train' | 'val'

/** How the pixels of a mask become class ids: by a table of its values, or by its colours. */
export type LabelCoding =
  | { kind: 'index' /** value -> class id, 255 where void; 256 entries. */; table: number[] }
  | { kind: 'color' /** [r, g, b, class id]; any other colour is void. */; entries: [number, number, number, number][] }

/** A file of a dropped or picked folder. `path` is relative to it and uses '/'. */
export interface SourceFile {
  path: string
  file: File
}

/** Something wrong with one file: the rest of the import goes on without it. */
export interface FileProblem {
  path: string
  /** A sentence that names the file and what is wrong. */
  problem: string
  remedy: string
}

/** A look at a folder before anything is stored. */
export interface ScanRequest {
  files: SourceFile[]
  /** The format; recognised when absent. */
  format?: DatasetFormat
  /** Whether images without a mask are imported where others have one. When absent they are, if they are the most. */
  keepsUnmasked?: boolean
}

/** Stores a folder as a new project with this name. */
export interface ImportRequest {
  name: string
  files: SourceFile[]
  format?: DatasetFormat
  /** Classes of a folder that names none. */
  classes?: ClassDefinition[]
  /** Whether images without a mask are imported where others have one. The oracle cannot annotate such a project. */
  keepsUnmasked?: boolean
}

/** The demo project: street scenes drawn from random numbers, the same for the same seed. */
export interface DemoRequest {
  images: number
  validationImages: number
  seed: number
}

/** The answer to a `ScanRequest`. */
export interface ScanReport {
  format: DatasetFormat
  /** A sentence for people: the layout that was recognised, and from which files. */
  description: string
  classes: ClassDefinition[]
  splits: { split: string; images: number; masks: number }[]
  /**
   * Number of images without a mask where others have one. When kept they are counted in `splits`, else each is one of
   * the `problems`.
   */
  unmasked: { images: number; isKept: boolean }
  /** The first image that can be read, with its mask as colours; null when none can. */
  preview: { name: string; image: ImageBitmap; mask: ImageBitmap | null } | null
  problems: FileProblem[]
}
