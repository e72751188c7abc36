import { expose } from 'comlink'
import { computeService } from '../src/compute/compute-service'
import { installHandlers } from '../src/rpc/handlers'

installHandlers()
expose(
  computeService(() => new Worker(new URL('./loader.worker.ts', import.meta.url), { type: 'module', name: 'loader' })),
)
