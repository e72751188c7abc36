import { beforeAll, describe } from 'vitest'
import type { EngineName } from '../rpc/contract'
import { bootWasm } from './wasm'

/** Engines that every kernel is tested on. */
export const ENGINES: Record<string, () => Promise<unknown>> = { wasm: bootWasm } satisfies Partial<
  Record<EngineName, () => Promise<unknown>>
>

/** Runs the same suite on every engine; an engine that does not start fails its suite. */
export function describeEngines(name: string, body: (engine: EngineName) => void): void {
  for (const [engine, boot] of Object.entries(ENGINES)) {
    describe(`${name} (${engine})`, () => {
      beforeAll(async () => {
        await boot()
      })
      body(engine as EngineName)
    })
  }
}
