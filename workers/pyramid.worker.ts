import { expose, transfer } from 'comlink'
import { halved } from '../src/image/halved'
import type { PyramidApi } from '../src/rpc/contract'
import { installHandlers } from '../src/rpc/handlers'

installHandlers()

expose({
  async halved({ bitmap }) {
    const levels = await halved(bitmap)
    return transfer(levels, levels)
  },
} satisfies PyramidApi)
