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

/** Reads how many threads the address gives the WASM engine: `?threads=N`. Throws `bad_config` for what is no such number. */
export function askedThreads(search: string): number | null {
  const text = new URLSearchParams(search).get('threads')
  if (text === null) return null
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new AppError('bad_config', `"${text}" is no number of threads.`, 'Use ?threads=1 or more.')
}

/** The compute worker's engine. It is booted once in the life of a worker. */
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

  /** Boots the engine if need be. Throws the error that booting threw. */
  async ensure(): Promise<EngineReport> {
    this.#booting ??= this.task.run(async () => {
      const engine = forcedEngine(this.#search)
      const threads = askedThreads(this.#search)
      return this.#compute.boot({ ...(engine && { engine }), ...(threads && { threads }) })
    })
    const report = await this.#booting
    if (report) return report
    this.#booting = null
    throw this.task.error ?? new DOMException('Booting the engine was stopped.', 'AbortError')
  }

  /** Takes the report of the engine, or of the same engine on a new device, that a run went on with. */
  replace(report: EngineReport) {
    this.task.result = report
    this.#booting = Promise.resolve(report)
  }

  /** Call when the worker is gone: the next `ensure` boots again. */
  forget() {
    this.#booting = null
    this.task.clear()
  }
}
