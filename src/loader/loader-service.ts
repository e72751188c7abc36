/** The loader worker's service: makes a round's batches from what is stored. */
import { AppError } from '../domain/errors'
import { type Database, openDatabase } from '../storage/database'
import { getImage } from '../storage/images'
import { getLabels } from '../storage/labels'
import { type BatchSource, batchesHere, type SampleReader } from './batch-source'
import type { LoaderApi, LoaderRequest } from './batches-beside'
import { RasterCache } from './raster-cache'
import { rasterReader } from './rasters'

/** Decoded images and labels kept in memory: 1200 images of 180x240, 60 of 720x960. */
const CACHE_BYTES = 256 * 2 ** 20

export function loaderService(): LoaderApi {
  let source: BatchSource | null = null
  return {
    open: async (request) => {
      source = batchesHere(request, storedSamples(await openDatabase(), request))
    },
    batch: async (roundStep) => {
      if (source) return source.batch(roundStep)
      throw new AppError('internal', 'The loader was asked for a batch before it was opened.', 'Press "Continue".')
    },
  }
}

/** Labels are kept as well: they do not change while a round trains. */
function storedSamples(db: Database, { runId, rules }: LoaderRequest): SampleReader {
  const cache = new RasterCache(CACHE_BYTES)
  const reader = rasterReader(db, rules.size)
  const pixels = rules.size.height * rules.size.width
  const labels = async (imageId: string) => {
    const found = await getLabels(db, runId, imageId)
    const both = new Uint8Array(found ? 2 * pixels : 0)
    if (found) {
      both.set(found.classes)
      both.set(found.provenance, pixels)
    }
    return both
  }
  return {
    rgb: (imageId) => cache.get(`rgb/${imageId}`, async () => reader.rgb(await getImage(db, imageId))),
    labels: async (imageId) => {
      const both = await cache.get(`labels/${imageId}`, () => labels(imageId))
      if (both.length === 0) return undefined
      return { classes: both.subarray(0, pixels), provenance: both.subarray(pixels) }
    },
  }
}
