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

/** What the files of a group are taken for. */
export type FileRole = 'image' | 'mask' | 'ignored'

/** Image files, or files of annotations, whose folders and names have one pattern. */
export interface FileGroup {
  /** The same for the same files, whatever their role. */
  id: string
  /** Folders and names with `*` for what varies, such as "masks/*_seg.png". */
  pattern: string
  role: FileRole
  files: number
  /** A sentence: why they have this role. */
  reason: string
  /** Whether names and contents leave no doubt about the role, or a person gave it. */
  isSure: boolean
  /** Path of one of them. */
  example: string
}

/** Something that the files leave open. `answer` counts until a person gives another. */
export interface ImportQuestion {
  id: string
  question: string
  /** `example`: path of a file that shows what is meant. */
  options: { value: string; label: string; example?: string }[]
  /** The value of one of the options. */
  answer: string
}

/** A person's answers: values of options by the id of their question. */
export type Answers = Readonly<Record<string, string>>

/** What an archive holds: its files, and those that could not be unpacked. */
export interface UnzippedFiles {
  files: SourceFile[]
  problems: FileProblem[]
  /** Where the encoding of the names is a guess: the answer goes into the next unpacking. */
  question: ImportQuestion | null
}

/** A look at a folder before anything is stored. */
export interface ScanRequest {
  files: SourceFile[]
  /** The format; recognised when absent. */
  format?: DatasetFormat
  /** Whether images without a mask are imported where others have one. When absent they are, if they are the most. */
  keepsUnmasked?: boolean
  /** Roles that a person gave to groups, by their ids. */
  roles?: Readonly<Record<string, FileRole>>
  answers?: Answers
}

/** Stores a folder as a new project with this name. */
export interface ImportRequest extends ScanRequest {
  name: string
  /** The plan of a report: it is carried out as it was shown. Without it, or when it is gone, the folder is scanned again. */
  plan?: string
  /**
   * The person's names and colours of the classes, by id; or the classes of a folder that names none.
   */
  classes?: ClassDefinition[]
}

/** The demo project: street scenes drawn from random numbers, the same for the same seed. */
export interface DemoRequest {
  images: number
  validationImages: number
  seed: number
}

/** The answer to a `ScanRequest`: the plan of an import. */
export interface ScanReport {
  /** Name of the plan, for `ImportRequest` and for pictures of it. */
  plan: string
  format: DatasetFormat
  /** Sentences for people: the layout that was recognised and from which files; what was read in another way, drawn or left out. */
  description: string
  classes: ClassDefinition[]
  /** A sentence: which file, or what in the masks, says the classes. */
  classSource: string
  /** By class id: its share of all pixels of the masks, 0..1, and the number of images that have it. */
  classShares: { share: number; images: number }[]
  /** Share of all pixels of the masks without a class, 0..1. */
  voidShare: number
  splits: { split: Split; images: number; masks: number }[]
  /**
   * Number of images without a mask where others have one, and of those among them (`void`) whose mask has no pixel with
   * a class. When kept they are counted in `splits`, else each is one of the `problems`.
   */
  unmasked: { images: number; void: number; isKept: boolean }
  groups: FileGroup[]
  questions: ImportQuestion[]
  /** Number of images to import: `previewPair` shows each. */
  items: number
  problems: FileProblem[]
}

/** An image of a plan with the labels of its mask. */
export interface PairPreview {
  name: string
  maskPath: string | null
  image: ImageBitmap
  /** H*W at the size of `image`, 255 where void; null for an image without a mask. */
  classIds: Uint8Array | null
}
