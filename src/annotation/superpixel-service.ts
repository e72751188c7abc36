/** The superpixel worker's service. */
import { readRgb } from '../image/image-file'
import type { SuperpixelApi } from '../rpc/contract'
import { superpixels } from './superpixels'

export function superpixelService(): SuperpixelApi {
  return {
    async superpixels({ bitmap, side }) {
      const size = { height: bitmap.height, width: bitmap.width }
      const rgb = readRgb(bitmap, size)
      bitmap.close()
      return superpixels(rgb, size, side)
    },
  }
}
