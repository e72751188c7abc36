/** The shape that a project and its images must have in a file: screens read their fields unguarded. */
import type { ClassDefinition } from '../domain/classes'
import type { LabelCoding } from '../domain/dataset'
import type {
  GroundTruthRecord,
  ImageRecord,
  Missing,
  MissingRun,
  ProjectRecord,
  ThumbnailRecord,
} from '../domain/project'
import type { BaseRecord, JournalRecord, StrokeRecord } from '../domain/strokes'
import { isOrderOf } from '../storage/classes'
import {
  anyOf,
  boolean,
  type Check,
  count,
  fields,
  instanceOf,
  listOf,
  nullable,
  number,
  oneOf,
  optional,
  text,
} from '../storage/shape'
import { isSize } from './config-shape'
import type { ImportedIds } from './imported-ids'

const blob = instanceOf(Blob)
const triple = (value: unknown): value is [number, number, number] => listOf(number, 3)(value)
const quadruple = (value: unknown): value is [number, number, number, number] => listOf(number, 4)(value)
/** Damaged changes are kept: whoever opens the image is told of them. */
const anything = (_value: unknown): _value is never => true

const runs = listOf(nullable(fields<NonNullable<MissingRun>>({ method: text, createdAt: number })))
const isMissing = fields<Missing>({
  images: listOf(text),
  pictures: listOf(text),
  groundTruth: listOf(text),
  labels: listOf(text),
  runs,
  runParts: runs,
})

const isClass = fields<ClassDefinition>({ name: text, color: triple })

const hasProjectFields = fields<ProjectRecord>({
  id: text,
  name: text,
  createdAt: number,
  source: oneOf('demo', 'folder'),
  format: oneOf('cityscapes', 'bdd100k', 'camvid', 'generic'),
  classes: listOf(isClass),
  classOrder: optional(listOf(count)),
  counts: fields({ train: count, val: count }),
  hasGroundTruth: boolean,
  savedAt: optional(number),
  missing: optional(isMissing),
})

export const isProject: Check<ProjectRecord> = (value): value is ProjectRecord =>
  hasProjectFields(value) && (!value.classOrder || isOrderOf(value.classOrder, value.classes))

const isCoding = anyOf(
  fields<Extract<LabelCoding, { kind: 'index' }>>({ kind: oneOf('index'), table: listOf(number) }),
  fields<Extract<LabelCoding, { kind: 'color' }>>({ kind: oneOf('color'), entries: listOf(quadruple) }),
)

export function imageShapes({ project, newImage, image }: ImportedIds) {
  return {
    images: fields<ImageRecord>({
      id: newImage,
      projectId: project,
      split: oneOf('train', 'val'),
      name: text,
      path: optional(text),
      order: number,
      size: isSize,
      blob,
      orientation: count,
    }),
    groundTruth: fields<GroundTruthRecord>({
      imageId: image,
      projectId: project,
      blob,
      coding: isCoding,
      orientation: count,
      pixels: optional(listOf(count)),
    }),
    thumbnails: fields<ThumbnailRecord>({ imageId: image, projectId: project, blob }),
    journals: fields<JournalRecord>({
      imageId: image,
      projectId: project,
      size: isSize,
      first: count,
      head: count,
      last: count,
      annotatedPixels: number,
      changedAt: optional(number),
    }),
    bases: fields<BaseRecord>({ imageId: image, patch: anything }),
    strokes: fields<StrokeRecord>({ imageId: image, seq: count, id: text, at: number, tool: text, patch: anything }),
  }
}
