import { expose, transfer } from 'comlink'
import { dataService } from '../src/data/data-service'
import type { DataApi } from '../src/rpc/contract'
import { installHandlers } from '../src/rpc/handlers'

installHandlers()

const service = dataService()

expose({
  ...service,
  async previewPair(request) {
    const pair = await service.previewPair(request)
    return transfer(pair, pair.classIds ? [pair.image, pair.classIds.buffer] : [pair.image])
  },
  async previewClass(request) {
    const bitmap = await service.previewClass(request)
    return bitmap && transfer(bitmap, [bitmap])
  },
  async previewFile(request) {
    const bitmap = await service.previewFile(request)
    return bitmap && transfer(bitmap, [bitmap])
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
