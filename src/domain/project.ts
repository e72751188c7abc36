/** A project and its images, as they are kept. Plain data. */
import type { ClassDefinition } from './classes'
import type { DatasetFormat, LabelCoding, Split } from './dataset'
import type { Size } from './size'

export interface ProjectRecord {
  id: string
  name: string
  createdAt: number
  source: 'demo' | 'folder'
  format: DatasetFormat
  classes: ClassDefinition[]
  /** Class ids in the order people want to see them; that of the ids when absent. */
  classOrder?: number[]
  /** Images per split. */
  counts: { train: number; val: number }
  /** True when every train image has ground truth, so that the oracle can annotate. */
  hasGroundTruth: boolean
  /** When all of it that could be read was last in a project file, milliseconds since 1970; absent before. */
  savedAt?: number
  /** What was not in the project file that it was opened from; absent when nothing was missing. */
  missing?: Missing
}

/** What a project file lacks, because it could not be read when the project was saved. */
export interface Missing {
  /** Names of images that are not there, nor their labels. */
  images: string[]
  /** Names of images that are there without their picture. */
  pictures: string[]
  /** Names of images that are there without their ground truth. */
  groundTruth: string[]
  /** Names of images that are there with some of their labels. */
  labels: string[]
  /** Runs that are not there. */
  runs: MissingRun[]
  /** Runs that are there without some of what they hold. */
  runParts: MissingRun[]
}

/** What people know a run by; null where that is lost too. */
export type MissingRun = { method: string; createdAt: number } | null

export interface ImageRecord {
  id: string
  projectId: string
  split: Split
  /** Path below the dropped folder without the extension: unique in its project, stable across imports. */
  name: string
  /** The same with the extension that the file came with; absent where there was no file, and in older records. */
  path?: string
  /** Position in the project's sorted image list: ties are broken by it. */
  order: number
  /** Size upright, after EXIF orientation. */
  size: Size
  /** The file as it came. */
  blob: Blob
  /** EXIF orientation of `blob`, 1..8. */
  orientation: number
}

export type ImageSummary = Pick<ImageRecord, 'id' | 'name' | 'split' | 'size'> & {
  hasGroundTruth: boolean
  thumbnail: Blob
}

export interface GroundTruthRecord {
  imageId: string
  projectId: string
  blob: Blob
  coding: LabelCoding
  /** EXIF orientation to apply to the decoded raster so that it lies on the upright image, 1..8. */
  orientation: number
}

export interface ThumbnailRecord {
  imageId: string
  projectId: string
  blob: Blob
}

export interface SavedProject {
  file: Blob
  /** What of the project could not be read, and is not in the file; null when it is whole. */
  missing: Missing | null
}

/** The web lock of whoever may change a project's labels: a tab at the label table, or the data worker while it takes masks. */
export function labelLockName(projectId: string): string {
  return `cpral-studio/labels/${projectId}`
}
