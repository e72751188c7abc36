/** Decodes stored images and ground truth to rasters at the input size. */
import type { Size } from '../cpral/config'
import { loadRgb } from '../image/image-file'
import { decodeLabelPng, toClassIds } from '../image/label-png'
import { orientRaster } from '../image/orientation'
import { nearestResize } from '../image/resample'
import type { Studio } from './database'
import { getGroundTruth } from './images'
import type { RasterReader } from './indexed-run-store'
import type { GroundTruthRecord } from './schema'

export function rasterReader(db: Studio, size: Size): RasterReader {
  return {
    rgb: ({ blob }) => loadRgb(blob, size),
    groundTruth: async ({ id }) => {
      const truth = await getGroundTruth(db, id)
      return truth ? loadClassIds(truth, size) : null
    },
  }
}

/** Class ids of a stored label PNG, upright, at `size` (nearest); H*W, 255 = void. */
async function loadClassIds({ blob, coding, orientation }: GroundTruthRecord, size: Size): Promise<Uint8Array> {
  const png = decodeLabelPng(new Uint8Array(await blob.arrayBuffer()))
  const upright = orientRaster({ size: png.size, values: toClassIds(png, coding) }, orientation)
  return nearestResize(upright.values, upright.size, size)
}
