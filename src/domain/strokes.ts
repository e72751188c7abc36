/** What people label by hand, as it is kept: an image's journal and its strokes. See docs/labels.md. */
import type { Size } from './size'

/**
 * A change of labels that can be made and unmade: runs of pixels, in row-major order without overlap, that all had one label and
 * all got another. All four arrays have one entry a run.
 */
export interface LabelChange {
  /** Index of the first pixel of each run. */
  starts: Uint32Array<ArrayBuffer>
  /** Pixels of each run, at least 1. */
  lengths: Uint32Array<ArrayBuffer>
  /** `PixelLabel` that the run's pixels had. */
  before: Uint16Array<ArrayBuffer>
  /** `PixelLabel` that they got. */
  after: Uint16Array<ArrayBuffer>
}

/**
 * Where an image's own labels stand, at its own size: the base, and on it the strokes `first` to `head`. Strokes `head` + 1 to
 * `last` were undone and can be made again.
 */
export interface JournalRecord {
  imageId: string
  projectId: string
  size: Size
  /** Numbers of strokes, from 1; `head` = `first` - 1 when all that are kept are undone. */
  first: number
  head: number
  last: number
  /** Labelled pixels (`isLabelled`) at `head`. The name is older than that word, and stands on people's disks. */
  annotatedPixels: number
  /** When it last changed, milliseconds since 1970; absent in older ones. */
  changedAt?: number
}

/** One change of an image's labels. Never rewritten: undoing moves the journal's head. */
export interface StrokeRecord {
  imageId: string
  seq: number
  /** Names the stroke, so that a write which is tried again is not made twice. */
  id: string
  /** Milliseconds since 1970. */
  at: number
  /** What made it, for people: "Brush", "Superpixel". */
  tool: string
  /** Its name on people's disks: a change of labels was once called a patch. */
  patch: LabelChange
}

/** Strokes too old to be undone, folded into the change from no labels at all. */
export interface BaseRecord {
  imageId: string
  /** See `StrokeRecord.patch`. */
  patch: LabelChange
}

/** An image's own labels with what can be undone and made again. */
export interface LabelHistory {
  /** Labels that can no longer be undone; null = none. */
  base: LabelChange | null
  /** Number of the first stroke in `strokes`. */
  first: number
  /** Strokes up to this number are made, those behind it undone. */
  head: number
  strokes: StrokeRecord[]
  /** Sentences about labels that could not be read. */
  problems: string[]
}

/** What a stroke is when it is saved. */
export type NewStroke = Pick<StrokeRecord, 'id' | 'at' | 'tool' | 'patch'>
