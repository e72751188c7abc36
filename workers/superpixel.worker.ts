import { expose, transfer } from 'comlink'
import { superpixelService } from '../src/annotation/superpixel-service'
import type { SuperpixelApi } from '../src/rpc/contract'
import { installHandlers } from '../src/rpc/handlers'

installHandlers()

const service = superpixelService()

expose({
  async superpixels(request) {
    const result = await service.superpixels(request)
    return transfer(result, [result.ids.buffer])
  },
} satisfies SuperpixelApi)
