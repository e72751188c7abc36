/** What files of annotations say: shapes on images, which are drawn as class ids. */
import type { ListedClass } from '../../domain/classes'
import type { FileProblem } from '../../domain/dataset'
import { FileFault } from '../../domain/errors'
import type { Size } from '../../domain/size'

export interface AnnotatedImage {
  /** As the file names it, such as "p0.jpg", "train/p0.jpg" or "C:\\work\\p0.jpg". */
  fileName: string
  /** The name by which it is looked for where `fileName` is not found. */
  otherName?: string
  /** The image's size as the file says it, or null. */
  size: Size | null
  /** Whether anything is annotated in it. */
  isAnnotated: boolean
  /**
   * H*W class ids, 255 where nothing is annotated.
   * @param size of the image
   * @throws FileFault when the annotations are of an image of another size
   */
  draw(size: Size): Uint8Array
}

/** Annotations that are recognised but not read. */
export interface Unread {
  /** Such as "boxes of YOLO". */
  what: string
  /** Number of annotations that are not used. */
  annotations: number
  /** How to get masks from them. */
  remedy: string
}

/** A file of annotations. `draw` of its images gives positions in its own `classes`. */
export interface Annotations {
  path: string
  /** Name of the format, such as "COCO". */
  tool: string
  /** No two with one name, none that means void. */
  classes: ListedClass[]
  images: AnnotatedImage[]
  /** Sentences for the preview: what lies above what. */
  notes: string[]
  problems: FileProblem[]
  /** Of a format that is not read here. */
  unread?: Unread
}

type Fields = Record<string, unknown>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects of a list; none when it is no list. */
export function fieldsOf(list: unknown): Fields[] {
  return Array.isArray(list) ? list.filter(isFields) : []
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** The size that two values say, or null when one of them is no number of pixels. */
export function sizeOf(height: unknown, width: unknown): Size | null {
  const isLength = (value: unknown): value is number => isNumber(value) && value >= 1 && Number.isInteger(value)
  return isLength(height) && isLength(width) ? { height, width } : null
}

/**
 * Refuses to draw annotations of an image of another size.
 * @throws FileFault
 */
export function checkSize(said: Size | null, { height, width }: Size): void {
  if (!said || (said.height === height && said.width === width)) return
  throw new FileFault(
    `was annotated as an image of ${said.width} x ${said.height} pixels, but has ${width} x ${height}`,
    'Use the images that were annotated, at their size and not turned.',
  )
}
