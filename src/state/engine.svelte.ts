import type { EngineName, EngineReport } from '../domain/engine'
import { AppError } from '../domain/errors'
import type { ComputeApi } from '../rpc/contract'
import { Task } from './task.svelte'

/** Reads the engine that the address forces: `?engine=webgpu|wasm`. Throws `bad_config` for another name. */
export function forcedEngine(search: string): EngineName | null {
  const name = new URLSearchParams(search).get('engine')
  if (name === null) return null
  if (name === 'webgpu' || name === 'wasm') return name
  throw new AppError('bad_config', `There is no engine named "${name}".`, 'Use ?engine=webgpu or ?engine=wasm.')
}

/** Which engine the compute worker runs on; booted once per life of the worker. */
export class Engine {
  readonly task = new Task<EngineReport>()
  readonly #compute: ComputeApi
  readonly #search: string
  #booting: Promise<EngineReport | null> | null = null

  constructor(compute: ComputeApi, search: string) {
    this.#compute = compute
    this.#search = search
  }

  get report(): EngineReport | null {
    return this.task.result
  }

  /** The engine, booted if need be. Throws what booting threw. */
  async ensure(): Promise<EngineReport> {
    this.#booting ??= this.task.run(async () => {
      const engine = forcedEngine(this.#search)
      return this.#compute.boot(engine ? { engine } : {})
    })
    const report = await this.#booting
    if (report) return report
    this.#booting = null
    throw this.task.error ?? new DOMException('Booting the engine was stopped.', 'AbortError')
  }

  /** A run went on with another engine, or with the same on a new device. */
  replace(report: EngineReport) {
    this.task.result = report
    this.#booting = Promise.resolve(report)
  }

  /** The worker is gone, and the engine with it. */
  forget() {
    this.#booting = null
    this.task.clear()
  }
}
