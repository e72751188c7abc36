/** Decodes stored images and ground truth to rasters at the input size. */
import type { Size } from '../cpral/config'
import { loadRgb } from '../image/image-file'
import { loadClassIds } from '../image/label-png'
import type { Studio } from './database'
import { getGroundTruth } from './images'
import type { RasterReader } from './indexed-run-store'

export function rasterReader(db: Studio, size: Size): RasterReader {
  return {
    rgb: ({ blob }) => loadRgb(blob, size),
    groundTruth: async ({ id }) => {
      const truth = await getGroundTruth(db, id)
      return truth ? loadClassIds(truth, size) : null
    },
  }
}
