/** Decodes stored images and ground truth to rasters at the input size. */
import type { Size } from '../domain/size'
import { loadRgb } from '../image/image-file'
import { loadClassIds } from '../image/label-png'
import type { Database } from '../storage/database'
import { getGroundTruth } from '../storage/images'
import { readStored } from '../storage/stored-file'
import type { RasterReader } from './indexed-run-store'

export function rasterReader(db: Database, size: Size): RasterReader {
  return {
    rgb: ({ name, blob }) => readStored(name, loadRgb(blob, size)),
    groundTruth: async ({ id, name }) => {
      const truth = await getGroundTruth(db, id)
      return truth ? readStored(`the mask of ${name}`, loadClassIds(truth, size)) : null
    },
  }
}
