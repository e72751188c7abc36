/** Decodes stored images and ground truth to rasters at the input size. */
import type { ImageRecord } from '../domain/project'
import type { Size } from '../domain/size'
import { loadRgb } from '../image/image-file'
import { loadClassIds } from '../image/label-png'
import type { Database } from '../storage/database'
import { getGroundTruth } from '../storage/images'
import { readStored } from '../storage/stored-file'

/** Reads RGB bytes and ground truth of an image at the input size. */
export interface RasterReader {
  rgb(image: ImageRecord): Promise<Uint8Array>
  groundTruth(image: ImageRecord): Promise<Uint8Array | null>
}

export function rasterReader(db: Database, size: Size): RasterReader {
  return {
    rgb: ({ name, blob }) => readStored(name, loadRgb(blob, size)),
    groundTruth: async ({ id, name }) => {
      const truth = await getGroundTruth(db, id)
      return truth ? readStored(`the mask of ${name}`, loadClassIds(truth, size)) : null
    },
  }
}
