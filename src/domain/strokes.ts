/**
 * Labels by hand as the database holds them: of each image a journal of strokes, so that they can be undone, and none
 * is lost. See docs/labels.md.
 */
import type { Size } from './size'

/**
 * A change of labels that can be made and unmade. It is a list of runs, stretches of pixels in row-major order that do
 * not overlap: all pixels of a run had one label, and all got another. Each of the four arrays has one entry a run.
 */
export interface LabelChange {
  /** Index of the first pixel of each run. */
  starts: Uint32Array<ArrayBuffer>
  /** Pixels of each run, at least 1. */
  lengths: Uint32Array<ArrayBuffer>
  /** The label (`PixelLabel`) that the run's pixels had. */
  before: Uint16Array<ArrayBuffer>
  /** The label that they got. */
  after: Uint16Array<ArrayBuffer>
}

/**
 * The state of an image's labels at its own size. They are the base, and on it the strokes `first` to `head`. Strokes
 * `head` + 1 to `last` were undone and can be made again.
 */
export interface JournalRecord {
  imageId: string
  projectId: string
  size: Size
  /** Numbers of strokes, from 1. `head` is `first` - 1 when all of them are undone. */
  first: number
  head: number
  last: number
  /** Labelled pixels (`isLabelled`) at `head`. The name is older than that word, and stands on people's disks. */
  annotatedPixels: number
  /** When it last changed, milliseconds since 1970; absent in older records. */
  changedAt?: number
}

/** One change of an image's labels. It is never rewritten: undoing moves the journal's `head`. */
export interface StrokeRecord {
  imageId: string
  /** Number of the stroke in its image, from 1. */
  seq: number
  /** Identifies the stroke, so that a repeated write does not make it twice. */
  id: string
  /** Milliseconds since 1970. */
  at: number
  /** The tool that made it, as people call it: "Brush", "Superpixel". */
  tool: string
  /** Its name on people's disks: a change of labels was once called a patch. */
  patch: LabelChange
}

/** Strokes too old to be undone, folded into one change from no labels at all. */
export interface BaseRecord {
  imageId: string
  /** See `StrokeRecord.patch`. */
  patch: LabelChange
}

/** An image's labels, with the strokes that can be undone and made again. */
export interface LabelHistory {
  /** The labels that can no longer be undone; null when there are none. */
  base: LabelChange | null
  /** Number of the first stroke in `strokes`. */
  first: number
  /** Strokes up to this number are made; later ones were undone. */
  head: number
  strokes: StrokeRecord[]
  /** Sentences about labels that could not be read. */
  problems: string[]
}

/** A stroke to be saved: the store adds its image and number. */
export type NewStroke = Pick<StrokeRecord, 'id' | 'at' | 'tool' | 'patch'>
