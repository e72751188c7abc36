/** What is kept in IndexedDB: one object store per record type below. Plain data; rasters are row-major. */
import type { DBSchema } from 'idb'
import type { Patch } from '../annotation/patch'
import type { CpralConfig, EncoderName, Size } from '../cpral/config'
import type { DatasetFormat, EngineReport, Stage } from '../rpc/contract'
import type { ErrorCode } from '../rpc/errors'

/** Class id of a pixel that has no label (also void): never trained on, never counted in mIoU. */
export const IGNORE = 255

export interface ClassDefinition {
  name: string
  /** sRGB, 0..255. */
  color: [number, number, number]
}

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

export type Split = 'train' | 'val'

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

/** How the bytes of a label PNG become class ids. */
export type LabelCoding =
  | { kind: 'index' /** value -> class id, 255 where void; 256 entries. */; table: number[] }
  | { kind: 'color' /** [r, g, b, class id]; any other colour is void. */; entries: [number, number, number, number][] }

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

/** `waiting`: for a person's labels. */
export type RunStatus = 'ready' | 'running' | 'paused' | 'waiting' | 'done' | 'failed'

export interface RunRecord {
  id: string
  projectId: string
  createdAt: number
  config: CpralConfig
  /** Classes when it was made: its network knows no later ones. Absent in older runs: all of the project's. */
  classCount?: number
  /** The file behind `config.weights`; null from scratch, absent in runs of the first version. */
  initialWeights?: { name: string; sha256: string; source: string | null } | null
  status: RunStatus
  /** Current round, from 1. */
  round: number
  /** Stage that is running or comes next. */
  stage: Stage
  /** Engine of the latest boot that ran it. */
  engine: EngineReport | null
  /** Sentence and remedy when failed. */
  failure: { message: string; remedy: string; code?: ErrorCode } | null
  /** What the engine was asked to do with less of; absent while it gets the config's. */
  effort?: Effort
  /** Failures of the engine that the run went on from by itself, in order; absent when there was none. */
  incidents?: Incident[]
  /** Names of images of whose labels by people some could not be read when it took them; absent when there was none. */
  damagedLabels?: string[]
}

/** How much is asked of the engine at once: lowered after it failed. */
export interface Effort {
  /** Images of a training batch in place of the config's; null = the config's. */
  batchSize: number | null
  /** Share of the usual work of one submit and one chunk of committee passes: 1, 1/2, 1/4 ... */
  share: number
}

/** A failure of the engine that cost nobody anything. */
export interface Incident {
  /** Milliseconds since 1970. */
  at: number
  code: ErrorCode
  /** What happened and how the run goes on, for people. */
  sentence: string
}

/** A square region of an image at the input size. */
export interface Region {
  imageId: string
  x: number
  y: number
  width: number
  height: number
  score: number
}

export interface Evaluation {
  mIoU: number
  /** null where the class occurs neither in ground truth nor in the prediction. */
  iouPerClass: (number | null)[]
  pixelAccuracy: number
  /** confusion[truth * C + prediction], pixels. */
  confusion: number[]
}

/** What people labelled when a round asked them. */
export interface PersonAnswer {
  /** Images with new or other labels. */
  images: string[]
  newPixels: number
  /** New pixels of a class, in images that the round's network had predicted; and those on which it agreed. */
  judgedPixels: number
  agreeingPixels: number
  /** Those of both that somebody painted: what was accepted as suggested agrees by itself. Earlier versions did not count them. */
  byHand?: { judgedPixels: number; agreeingPixels: number }
}

export interface RoundRecord {
  runId: string
  /** From 1. */
  index: number
  /** Human- or oracle-labelled pixels before this round's query, void counted, over all train images; and the pool's pixels. */
  labelledPixels: number
  poolPixels: number
  /** Images in D while this round trained. */
  trainImages: string[]
  steps: number
  /** Mean training loss per epoch. */
  losses: number[]
  evaluation: Evaluation | null
  /** Panoptic subset in rating order (highest first) with its scores; empty in the last round, which queries nothing. */
  subset: { imageId: string; score: number }[]
  regions: Region[]
  /** Labelled pixels per class that this round's annotation added, and the same over the whole pool's ground truth. */
  selectedClassPixels: number[]
  poolClassPixels: number[]
  /** With a person: the regions were put before them. */
  isAsked?: boolean
  /** Mean vote entropy, in bits a pixel, inside the chosen regions and over the whole subset; null when the method has none. */
  entropyShare?: { chosen: number; subset: number } | null
  answer?: PersonAnswer
  extension: { addedPixels: number; correctPixels: number; judgedPixels: number } | null
  seconds: Record<Stage, number>
  isComplete: boolean
}

/**
 * Who gave a pixel its label: `human` painted it, `oracle` copied ground truth, `extended` spread from neighbours and was seen by
 * nobody, `accepted` was suggested by the network or by extension and confirmed by a person, `imported` came as a mask.
 * `rejected` has no label: a person refused what extension suggested, and it must not suggest it again.
 */
export const PROVENANCE = { none: 0, human: 1, oracle: 2, extended: 3, accepted: 4, imported: 5, rejected: 6 } as const

export interface LabelRecord {
  runId: string
  imageId: string
  size: Size
  /** H*W class ids, 255 = none or void. */
  classes: Uint8Array
  /** H*W of PROVENANCE: a void pixel that was annotated has provenance but class 255. */
  provenance: Uint8Array
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
  /** Pixels that somebody answers for, at `head`. */
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
  patch: Patch
}

/** Strokes too old to be undone, folded into the patch from no labels at all. */
export interface BaseRecord {
  imageId: string
  patch: Patch
}

/** What a person did about one of a round's regions, and what it took. */
export interface AnswerRecord {
  runId: string
  /** 0 for the images that are labelled before the first round. */
  round: number
  /** Position in the round's list of regions. */
  index: number
  /** `empty`: nothing of any class is there. */
  status: 'done' | 'empty' | 'skipped'
  /** Pixels of the region, at the image's size, that somebody answers for; absent in older ones. */
  pixels?: number
  /** Strokes and confirmations. */
  clicks: number
  /** Time the region was before the person, pauses of more than a minute left out. */
  seconds: number
  /** Milliseconds since 1970. */
  at: number
}

/** A map quantised to 8 bits: value = byte / 255 * max. */
export interface QuantizedMap {
  values: Uint8Array
  max: number
}

/** What one round saw in one image, kept for the image view. */
export interface ImageLayers {
  runId: string
  round: number
  imageId: string
  size: Size
  /** H*W class ids. */
  prediction: Uint8Array | null
  /** The network's probability of its prediction; absent where nobody asked for it. */
  confidence?: QuantizedMap
  entropy: QuantizedMap | null
  attention: QuantizedMap | null
}

/** Per-image results of a round's query, kept so that an interrupted query continues with the next image. */
export interface QueryRecord {
  runId: string
  round: number
  imageId: string
  score: number | null
  /** Regions that survived NMS, best first; `newPixels` of each were not labelled yet. */
  candidates: { x: number; y: number; score: number; newPixels: number }[] | null
}

export interface CheckpointRecord {
  runId: string
  /** Two generations: the older one survives until the newer is verified. */
  slot: 0 | 1
  round: number
  /** Epochs finished in this round. */
  epoch: number
  savedAt: number
  /** Parameters, running statistics and momenta as safetensors bytes. */
  bytes: ArrayBuffer
  sha256: string
}

export interface WeightsRecord {
  /** SHA-256 of the bytes. */
  key: string
  name: string
  bytes: ArrayBuffer
  /** Address it was fetched from; null for a file of the person's own. */
  source: string | null
  encoder: EncoderName
  firstExpansion: boolean
  /** Whose names its tensors have, for people. */
  naming: string
}

export interface StudioSchema extends DBSchema {
  projects: { key: string; value: ProjectRecord }
  images: { key: string; value: ImageRecord; indexes: { projectId: string } }
  groundTruth: { key: string; value: GroundTruthRecord; indexes: { projectId: string } }
  thumbnails: { key: string; value: ThumbnailRecord; indexes: { projectId: string } }
  runs: { key: string; value: RunRecord; indexes: { projectId: string } }
  rounds: { key: [string, number]; value: RoundRecord; indexes: { runId: string } }
  labels: { key: [string, string]; value: LabelRecord; indexes: { runId: string } }
  journals: { key: string; value: JournalRecord; indexes: { projectId: string } }
  strokes: { key: [string, number]; value: StrokeRecord }
  bases: { key: string; value: BaseRecord }
  layers: { key: [string, number, string]; value: ImageLayers; indexes: { runId: string } }
  queries: { key: [string, number, string]; value: QueryRecord; indexes: { runId: string } }
  answers: { key: [string, number, number]; value: AnswerRecord; indexes: { runId: string } }
  checkpoints: { key: [string, number]; value: CheckpointRecord; indexes: { runId: string } }
  weights: { key: string; value: WeightsRecord }
}
