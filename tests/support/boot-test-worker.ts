/** A module worker for the boot test: starts the engine it is told to, and answers with the report or the error. */
import type { EngineName } from '../../src/domain/engine'
import { toAppError } from '../../src/domain/errors'
import { bootEngine } from '../../src/engine/boot'

self.addEventListener('message', ({ data }: MessageEvent<{ engine?: EngineName; withoutGpu?: boolean }>) => {
  const { engine, withoutGpu } = data
  if (withoutGpu) Object.defineProperty(navigator, 'gpu', { value: undefined })
  bootEngine(engine ? { engine } : {}).then(
    (report) => self.postMessage({ report }),
    (error: unknown) => self.postMessage({ error: { ...toAppError(error) } }),
  )
})
