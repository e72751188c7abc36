/** Our engine's programs. */
import { bootEngine } from '../../../src/engine/boot'
import type { EngineName } from '../../../src/rpc/contract'
import { contestant } from './serve'
import { trainStepPrograms } from './train-step'

async function boot(engine: EngineName): Promise<string> {
  return (await bootEngine({ engine })).device
}

export const ours = contestant(boot, { ...trainStepPrograms })
