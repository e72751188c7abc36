import { expose, transfer } from 'comlink'
import { superpixelsOfBitmap } from '../src/annotation/superpixels'
import type { SuperpixelApi } from '../src/rpc/contract'
import { installHandlers } from '../src/rpc/handlers'

installHandlers()

expose({
  async superpixels({ bitmap, side }) {
    const result = superpixelsOfBitmap(bitmap, side)
    return transfer(result, [result.ids.buffer])
  },
} satisfies SuperpixelApi)
