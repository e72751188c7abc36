/** Decodes stored images and ground truth to rasters at the input size. */
import type { Size } from '../domain/size'
import { loadRgb } from '../image/image-file'
import { loadClassIds } from '../image/label-png'
import type { Studio } from './database'
import { getGroundTruth } from './images'
import type { RasterReader } from './indexed-run-store'
import { readStored } from './stored-file'

export function rasterReader(db: Studio, size: Size): RasterReader {
  return {
    rgb: ({ name, blob }) => readStored(name, loadRgb(blob, size)),
    groundTruth: async ({ id, name }) => {
      const truth = await getGroundTruth(db, id)
      return truth ? readStored(`the mask of ${name}`, loadClassIds(truth, size)) : null
    },
  }
}
