/** What a folder was recognised as: images, their masks, and how mask bytes become class ids. */
import type { DatasetFormat, FileProblem } from '../rpc/contract'
import type { ClassDefinition, LabelCoding, Split } from '../storage/schema'

/** A coding together with the codes masks may hold; a pixel with any other code is a mistake in the mask. */
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
  /** Sentences for the preview: what was recognised, from what, and what was left out or drawn. */
  description: string
  classes: ClassDefinition[]
  /** Sorted by name. */
  items: DatasetItem[]
  problems: FileProblem[]
}

/** Reading the files of the folder, so that recognition can be tested without any. */
export interface FolderReader {
  text(path: string): Promise<string>
  bytes(path: string): Promise<Uint8Array>
}

/** Code-unit order: the same on every machine and in every locale. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
