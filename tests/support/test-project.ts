/** A small project with labels and a run, for the tests of project files. */

import { emptyRaster, pixelLabel } from '../../src/annotation/raster'
import { Stroke } from '../../src/annotation/stroke'
import { defaultConfig, factsOf } from '../../src/cpral/presets'
import { PROVENANCE } from '../../src/domain/labels'
import type { ProjectRecord } from '../../src/domain/project'
import type { RoundRecord } from '../../src/domain/round'
import type { RunRecord } from '../../src/domain/run'
import { noSeconds } from '../../src/domain/stages'
import type { NewStroke } from '../../src/domain/strokes'
import type { DataApi } from '../../src/rpc/contract'
import type { Database } from '../../src/storage/database'
import { sha256 } from '../../src/storage/sha256'

const SIZE = { height: 128, width: 256 }
const CLASS_COUNT = 3
const signal = new AbortController().signal

/** Three training images and one for validation; the last of all is labelled by three strokes, the third of them undone. */
export async function makeTestProject(db: Database, service: DataApi): Promise<{ projectId: string; imageId: string }> {
  const project = await service.createDemo({ images: 3, validationImages: 1, seed: 2 }, () => {}, signal)
  const projectId = project.id
  const imageId = (await service.listImages({ projectId }))[3].id
  for (let head = 0; head < 3; head++) await service.appendStroke({ imageId, head, stroke: strokeOf(head) })
  await service.moveHead({ imageId, from: 3, to: 2 })
  const bytes = new Uint8Array(1000).fill(7).buffer
  const key = await sha256(bytes)
  await db.put('weights', {
    key,
    name: 'w',
    bytes,
    source: null,
    encoder: 'mobilenetv2',
    firstExpansion: false,
    naming: 'timm',
  })
  await db.put('runs', runOf(project, key))
  await putRound(db, 1, imageId)
  return { projectId, imageId }
}

/** Resolves when the clock that records are dated by has gone on. */
export async function nextMillisecond(): Promise<void> {
  const now = Date.now()
  while (Date.now() === now) await new Promise((resolve) => setTimeout(resolve))
}

/** The stroke number `head` + 1: a line of its own. */
export function strokeOf(head: number): NewStroke {
  const stroke = new Stroke(emptyRaster(SIZE))
  stroke.fill(head % SIZE.height, 5, 90, pixelLabel(head % CLASS_COUNT, PROVENANCE.human))
  const patch = stroke.finish()
  if (!patch) throw new Error('an empty stroke')
  return { id: `s${head}`, at: 1, tool: 'Brush', patch }
}

function runOf(project: ProjectRecord, weights: string): RunRecord {
  return {
    id: 'run-1',
    projectId: project.id,
    createdAt: 3,
    config: defaultConfig(factsOf(project, SIZE), 'tiny', { weights, annotator: 'person' }),
    status: 'running',
    round: 1,
    stage: 'rate',
    engine: null,
    failure: null,
  }
}

/** Moves the run on to a round: its record, labels, maps and checkpoint, all in one transaction. */
export async function putRound(db: Database, index: number, imageId: string): Promise<void> {
  const runId = 'run-1'
  const transaction = db.transaction(['runs', 'rounds', 'labels', 'layers', 'checkpoints'], 'readwrite')
  const run = await transaction.objectStore('runs').get(runId)
  if (!run) throw new Error('no run')
  const size = { height: 1, width: 2 }
  const classes = Uint8Array.of(index, 255)
  const bytes = new Uint8Array(1000).fill(index).buffer
  void transaction.objectStore('runs').put({ ...run, round: index })
  void transaction.objectStore('rounds').put(roundOf(index, imageId))
  void transaction.objectStore('labels').put({ runId, imageId, size, classes, provenance: Uint8Array.of(1, 0) })
  void transaction.objectStore('layers').put({
    runId,
    round: index,
    imageId,
    size,
    prediction: classes,
    entropy: { values: Uint8Array.of(0, 255), max: 2 },
    attention: null,
  })
  const slot = index % 2 === 0 ? 0 : 1
  void transaction
    .objectStore('checkpoints')
    .put({ runId, slot, round: index, epoch: 2, savedAt: index, bytes, sha256: 'abc' })
  await transaction.done
}

function roundOf(index: number, imageId: string): RoundRecord {
  return {
    runId: 'run-1',
    index,
    labelledPixels: 5,
    poolPixels: 90,
    trainImages: [imageId],
    steps: 3,
    losses: [0.5],
    // Nothing was judged.
    evaluation: { mIoU: Number.NaN, iouPerClass: [null, null, null], pixelAccuracy: Number.NaN, confusion: [] },
    subset: [{ imageId, score: Number.POSITIVE_INFINITY }],
    regions: [{ imageId, x: 1, y: 0, width: 1, height: 1, score: 2 }],
    selectedClassPixels: [1, 2, 3],
    poolClassPixels: [4, 5, 6],
    extension: null,
    seconds: { ...noSeconds(), train: 1 },
    isComplete: false,
  }
}
