import { expose, transfer } from 'comlink'
import type { LoaderApi } from '../src/loader/batches-beside'
import { loaderService } from '../src/loader/loader-service'
import { installHandlers } from '../src/rpc/handlers'

installHandlers()

const service = loaderService()

expose({
  ...service,
  async batch(roundStep) {
    const batch = await service.batch(roundStep)
    return transfer(batch, [batch.images.buffer, batch.labels.buffer, batch.weights.buffer])
  },
} satisfies LoaderApi)
