/** Pictures and masks as they come from a person's disk. */
import type { ClassDefinition } from './classes'
import type { ProjectRecord } from './project'

export type DatasetFormat = 'cityscapes' | 'bdd100k' | 'camvid' | 'generic'

export type Split = 'train' | 'val'

/** How the bytes of a label PNG become class ids. */
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

export interface ScanRequest {
  files: SourceFile[]
  /** Forces a format instead of recognising it. */
  format?: DatasetFormat
  /** Images without a mask come along where others have one; when absent they do if they are the most. */
  keepsUnmasked?: boolean
}

export interface ImportRequest {
  name: string
  files: SourceFile[]
  format?: DatasetFormat
  /** For a folder that names none. */
  classes?: ClassDefinition[]
  /** Images without a mask come along where others have one; the project then has no ground truth of its own. */
  keepsUnmasked?: boolean
}

/** The demo project: seeded street scenes. */
export interface DemoRequest {
  images: number
  validationImages: number
  seed: number
}

/** What a folder was recognised as, before anything is stored. */
export interface ScanReport {
  format: DatasetFormat
  /** Sentence for the preview: what was recognised and from what. */
  description: string
  classes: ClassDefinition[]
  splits: { split: string; images: number; masks: number }[]
  /** Images without a mask where others have one, and whether they are among those of the splits or of the problems. */
  unmasked: { images: number; isKept: boolean }
  /** First pair, to show the mask on the image. */
  preview: { name: string; image: ImageBitmap; mask: ImageBitmap | null } | null
  problems: FileProblem[]
}

export interface ImportReport {
  project: ProjectRecord
  imported: number
  problems: FileProblem[]
}
