import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { EngineName } from '../../src/domain/engine'
import { bootWasm } from '../../src/engine/wasm'
import { bootWebGpu, checkEngine, closeWebGpu } from '../../src/engine/webgpu'

interface TestedEngine {
  boot(): Promise<unknown>
  /** Throws when something went wrong that the engine reports late. */
  check(): Promise<void>
  close(): void
}

/** Engines that every kernel is tested on. */
export const ENGINES: Record<EngineName, TestedEngine> = {
  wasm: { boot: bootWasm, check: async () => {}, close: () => {} },
  webgpu: { boot: bootWebGpu, check: checkEngine, close: closeWebGpu },
}

/** Runs the same suite on every engine; an engine that does not start fails its suite. */
export function describeEngines(name: string, body: (engine: EngineName) => void): void {
  for (const engine of Object.keys(ENGINES) as EngineName[]) {
    const { boot, check, close } = ENGINES[engine]
    describe(`${name} (${engine})`, () => {
      beforeAll(async () => {
        await boot()
      })
      afterEach(check)
      afterAll(close)
      body(engine)
    })
  }
}
