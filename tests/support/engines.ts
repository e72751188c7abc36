import * as tf from '@tensorflow/tfjs-core'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { EngineName } from '../../src/domain/engine'
import { bootWasm } from '../../src/engine/wasm'
import { checkEngine } from '../../src/engine/webgpu'
import { shareWebGpu } from './webgpu'

interface TestedEngine {
  boot(): Promise<unknown>
  /** Throws when something went wrong that the engine reports late. */
  check(): Promise<void>
}

/** Engines that every kernel is tested on. */
export const ENGINES: Record<EngineName, TestedEngine> = {
  wasm: { boot: bootWasm, check: async () => {} },
  webgpu: { boot: shareWebGpu, check: checkEngine },
}

/** Runs the same suite on every engine; an engine that does not start fails its suite. */
export function describeEngines(name: string, body: (engine: EngineName) => void): void {
  for (const engine of Object.keys(ENGINES) as EngineName[]) {
    const { boot, check } = ENGINES[engine]
    describe(`${name} (${engine})`, () => {
      beforeAll(async () => {
        await boot()
        tf.engine().startScope()
      })
      afterEach(check)
      // The engine goes on to the next file; what tensors are left do not.
      afterAll(() => tf.engine().endScope())
      body(engine)
    })
  }
}
