/** The round loop's storage on IndexedDB: one run's records, and its images decoded once into a bounded cache. */
import type { RunStore } from '../cpral/run-store'
import { AppError } from '../rpc/errors'
import { loadCheckpoint, saveCheckpoint } from './checkpoints'
import { type Studio, strictWrite } from './database'
import { listImages } from './images'
import { getLabels, listLabelledImages, putLabels } from './labels'
import { getLayers, putLayers } from './layers'
import { listQueries, putQuery } from './queries'
import { RasterCache } from './raster-cache'
import { getRound } from './rounds'
import type { ImageRecord, RunRecord } from './schema'

/** What a run reads of an image: RGB bytes and ground truth at the input size. */
export interface RasterReader {
  rgb(image: ImageRecord): Promise<Uint8Array>
  groundTruth(image: ImageRecord): Promise<Uint8Array | null>
}

/** Decoded images kept in memory; CamVid at half size needs 61 MB. */
const CACHE_BYTES = 768 * 2 ** 20

export async function openRunStore(db: Studio, run: RunRecord, reader: RasterReader): Promise<RunStore> {
  const images = await listImages(db, run.projectId)
  const byId = new Map(images.map((image) => [image.id, image]))
  const cache = new RasterCache(CACHE_BYTES)
  const image = (id: string): ImageRecord => {
    const record = byId.get(id)
    if (!record) throw new AppError('not_found', `Image ${id} is no longer in the project.`, 'Start a new run.')
    return record
  }
  return {
    pool: images.filter(({ split }) => split === 'train'),
    validation: images.filter(({ split }) => split === 'val'),
    rgb: (id) => cache.get(`rgb/${id}`, () => reader.rgb(image(id))),
    groundTruth: (id) =>
      cache.get(`truth/${id}`, async () => {
        const truth = await reader.groundTruth(image(id))
        if (truth) return truth
        throw new AppError(
          'bad_config',
          `The image "${image(id).name}" has no ground truth, which the oracle needs.`,
          'Import a folder in which every image has a label PNG.',
        )
      }),
    labels: (id) => getLabels(db, run.id, id),
    labelledImages: async () => new Set(await listLabelledImages(db, run.id)),
    commitLabels: (records) => putLabels(db, records),
    round: (index) => getRound(db, run.id, index),
    commitRound: async (round, current) => {
      await strictWrite(db, ['rounds', 'runs'], (transaction) =>
        Promise.all([transaction.objectStore('rounds').put(round), transaction.objectStore('runs').put(current)]),
      )
    },
    queries: (round) => listQueries(db, run.id, round),
    commitQuery: (query) => putQuery(db, query),
    commitLayers: (layers) => putLayers(db, layers),
    layers: (round, id) => getLayers(db, run.id, round, id),
    loadCheckpoint: () => loadCheckpoint(db, run.id),
    saveCheckpoint: (checkpoint) => saveCheckpoint(db, { runId: run.id, ...checkpoint }),
  }
}
