import { expose } from 'comlink'
import { computeService } from '../src/compute/compute-service'
import { installHandlers } from '../src/rpc/handlers'

installHandlers()
expose(computeService())
