import { expose, transfer } from 'comlink'
import { dataService } from '../src/data/data-service'
import type { DataApi } from '../src/rpc/contract'
import { installHandlers } from '../src/rpc/handlers'

installHandlers()

const service = dataService()

expose({
  ...service,
  async scan(request, onProgress, signal) {
    const report = await service.scan(request, onProgress, signal)
    const { image, mask } = report.preview ?? { image: null, mask: null }
    return transfer(
      report,
      [image, mask].filter((bitmap) => bitmap !== null),
    )
  },
  async image(request) {
    const bitmap = await service.image(request)
    return transfer(bitmap, [bitmap])
  },
  async groundTruth(request) {
    const classIds = await service.groundTruth(request)
    return classIds && transfer(classIds, [classIds.buffer])
  },
} satisfies DataApi)
