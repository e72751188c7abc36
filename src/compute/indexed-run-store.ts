/** The round loop's storage on IndexedDB: one run's records, and its images decoded once into a bounded cache. */

import { AppError } from '../domain/errors'
import { IGNORE } from '../domain/labels'
import type { ImageRecord } from '../domain/project'
import type { RunRecord } from '../domain/run'
import { nearestResize } from '../image/resample'
import { batchesHere } from '../loader/batch-source'
import { batchesBeside } from '../loader/batches-beside'
import { RasterCache } from '../loader/raster-cache'
import type { RasterReader } from '../loader/rasters'
import type { RunStore } from '../loop/run-store'
import { loadCheckpoint, saveCheckpoint } from '../storage/checkpoints'
import type { Database } from '../storage/database'
import { listGroundTruthIds, listImages } from '../storage/images'
import { listJournals, readLabels } from '../storage/label-journal'
import { deleteLabels, getLabels, listLabelledImages, putLabels } from '../storage/labels'
import { getLayers, putLayers } from '../storage/layers'
import { deleteQueries, getQuery, listQueriedImages, listQueries, putQuery } from '../storage/queries'
import { getRound } from '../storage/rounds'
import { updateRun } from '../storage/runs'

/** Decoded images kept in memory; CamVid at half size needs 61 MB. */
const CACHE_BYTES = 768 * 2 ** 20

/** `openLoader`: the worker that makes batches; when null, they are made in this thread. */
export async function openRunStore(
  db: Database,
  run: RunRecord,
  reader: RasterReader,
  openLoader: (() => Worker) | null = null,
): Promise<RunStore> {
  const images = await listImages(db, run.projectId)
  const withTruth = await listGroundTruthIds(db, run.projectId)
  const byId = new Map(images.map((image) => [image.id, image]))
  const cache = new RasterCache(CACHE_BYTES)
  const image = (id: string): ImageRecord => {
    const record = byId.get(id)
    if (!record) throw new AppError('not_found', `Image ${id} is no longer in the project.`, 'Start a new run.')
    return record
  }
  const truth = (id: string) =>
    cache.get(`truth/${id}`, async () => {
      const classIds = await reader.groundTruth(image(id))
      if (classIds) return classIds
      throw new AppError(
        'bad_config',
        `The image "${image(id).name}" has no ground truth, which the oracle needs.`,
        'Import a folder in which every image has a label PNG, or label it yourself.',
      )
    })
  const rgb = (id: string) => cache.get(`rgb/${id}`, () => reader.rgb(image(id)))
  const labels = (id: string) => getLabels(db, run.id, id)
  return {
    pool: images.filter(({ id, split }) => split === 'train' && !run.voidImages?.includes(id)),
    validation: images.filter(({ id, split }) => split === 'val' && withTruth.has(id)),
    rgb,
    batches: (request) =>
      openLoader ? batchesBeside({ ...request, runId: run.id }, openLoader) : batchesHere(request, { rgb, labels }),
    groundTruth: truth,
    groundTruthOrNull: (id) => (withTruth.has(id) ? truth(id) : Promise.resolve(null)),
    personLabels: async (id) => {
      const labels = await readLabels(db, image(id))
      if (!labels) return null
      const { raster, isDamaged } = labels
      const atInputSize = (values: Uint8Array) => nearestResize(values, raster.size, run.config.size)
      // A class that was added after the run began is void to its network.
      const known = run.classCount ?? IGNORE
      const classes = atInputSize(raster.classes).map((id) => (id < known ? id : IGNORE))
      return { classes, provenance: atInputSize(raster.provenance), isDamaged }
    },
    personImages: async () => {
      const journals = await listJournals(db, run.projectId)
      return new Set(journals.flatMap(({ imageId, annotatedPixels }) => (annotatedPixels > 0 ? [imageId] : [])))
    },
    labels,
    labelledImages: async () => new Set(await listLabelledImages(db, run.id)),
    commitLabels: (records) => putLabels(db, records),
    removeLabels: (id) => deleteLabels(db, run.id, id),
    round: (index) => getRound(db, run.id, index),
    commitRun: (current) => updateRun(db, current),
    commitRound: (round, current) => updateRun(db, current, round),
    commitAnswer: (round, current, imageId, given) => updateRun(db, current, round, { imageId, labels: given }),
    queries: (round) => listQueries(db, run.id, round),
    queriedImages: async (round) => new Set(await listQueriedImages(db, run.id, round)),
    query: (round, id) => getQuery(db, run.id, round, id),
    removeQueries: (round) => deleteQueries(db, run.id, round),
    commitQuery: (query) => putQuery(db, query),
    commitLayers: (layers) => putLayers(db, layers),
    layers: (round, id) => getLayers(db, run.id, round, id),
    loadCheckpoint: () => loadCheckpoint(db, run.id),
    saveCheckpoint: (checkpoint) => saveCheckpoint(db, { runId: run.id, ...checkpoint }),
  }
}
