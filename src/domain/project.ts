/**
 * A project: images, the classes they are labelled with, and masks that came along. Records as the database holds them.
 */
import type { ClassDefinition } from './classes'
import type { DatasetFormat, FileProblem, LabelCoding, Split } from './dataset'
import type { Size } from './size'

/** Characters of a project's or a run's name. */
export const LONGEST_NAME = 200

/** A project, its images aside. Times are milliseconds since 1970. */
export interface ProjectRecord {
  id: string
  name: string
  createdAt: number
  source: 'demo' | 'folder'
  format: DatasetFormat
  classes: ClassDefinition[]
  /** Class ids in the order in which people want to see them; by id when absent. */
  classOrder?: number[]
  /** Images per split. */
  counts: { train: number; val: number }
  /** Every train image has ground truth, so that the oracle can label. */
  hasGroundTruth: boolean
  /** When everything readable of it was last saved as a project file; absent when it never was. */
  savedAt?: number
  /** Everything that the project file lacked from which it was opened; absent when that was whole. */
  missing?: Missing
}

/** An import's outcome: the project that was made, the number of its images, and the files that were left out. */
export interface ImportReport {
  project: ProjectRecord
  imported: number
  problems: FileProblem[]
}

/** Everything that a project file lacks because the disk had lost it when the project was saved. */
export interface Missing {
  /** Names of images that are missing with their labels. */
  images: string[]
  /** Names of images without their picture. */
  pictures: string[]
  /** Names of images without their ground truth. */
  groundTruth: string[]
  /** Names of images with only some of their labels. */
  labels: string[]
  /** Runs that are missing. */
  runs: MissingRun[]
  /** Runs without some of their records. */
  runParts: MissingRun[]
}

/** The method and start by which people know a run; null where these are lost too. */
export type MissingRun = { method: string; createdAt: number } | null

/** One image of a project. */
export interface ImageRecord {
  id: string
  projectId: string
  split: Split
  /**
   * Path below the imported folder, without extension: unique in its project, and the same when the folder is imported
   * again.
   */
  name: string
  /** The same path with the extension of the file; absent where there was no file, and in older records. */
  path?: string
  /** Position in the project's sorted list of images. Equal scores are decided by it. */
  order: number
  /** Size upright, after its EXIF orientation has been applied. */
  size: Size
  /** The file, unchanged. */
  blob: Blob
  /** EXIF orientation of `blob`, 1..8: how its pixels are turned and mirrored. */
  orientation: number
}

/** An image as a gallery shows it. */
export type ImageSummary = Pick<ImageRecord, 'id' | 'name' | 'split' | 'size'> & {
  hasGroundTruth: boolean
  thumbnail: Blob
}

/** The ground truth of an image: the mask that came with it, as a PNG file. Experiments measure against it. */
export interface GroundTruthRecord {
  imageId: string
  projectId: string
  blob: Blob
  coding: LabelCoding
  /** EXIF orientation to apply to the decoded raster so that it lies on the upright image, 1..8. */
  orientation: number
  /**
   * Pixels of each class id at the mask's own size, in order of the ids; the last entry is of void. Absent until they
   * have been counted.
   */
  pixels?: number[]
}

/** A small JPEG of an image. */
export interface ThumbnailRecord {
  imageId: string
  projectId: string
  blob: Blob
}

/** A project as one file. */
export interface SavedProject {
  file: Blob
  /** Everything that could not be read and is not in the file; null when it is whole. */
  missing: Missing | null
}

/**
 * Name of the web lock that whoever changes a project's labels must hold: a tab at the label table, or the data worker
 * while it takes masks as labels.
 */
export function labelLockName(projectId: string): string {
  return `cpral-studio/labels/${projectId}`
}
