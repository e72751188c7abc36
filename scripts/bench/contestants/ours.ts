/** Our engine's programs. */

import type { EngineName } from '../../../src/domain/engine'
import { bootEngine } from '../../../src/engine/boot'
import { kernelPrograms } from './kernels'
import { labelExtensionPrograms } from './label-extension'
import { OPERATIONS } from './operations'
import { passPrograms } from './query'
import { contestant } from './serve'
import { trainStepPrograms } from './train-step'

async function boot(engine: EngineName): Promise<string> {
  return (await bootEngine({ engine })).device
}

export const ours = contestant(boot, {
  ...trainStepPrograms,
  ...kernelPrograms(OPERATIONS),
  ...passPrograms,
  ...labelExtensionPrograms,
})
