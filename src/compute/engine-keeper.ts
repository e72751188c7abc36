/** The engine of this worker: booted once, anew after it failed, and never on WebGPU again after two losses. */
import type { EngineReport } from '../domain/engine'
import { toAppError } from '../domain/errors'
import { bootEngine } from '../engine/boot'
import { closeWebGpu, engineFailure } from '../engine/webgpu'
import type { ComputeApi } from '../rpc/contract'

type BootRequest = Parameters<ComputeApi['boot']>[0]

export class EngineKeeper {
  /** Unexpected losses of a device in the life of this worker. */
  losses = 0
  #booted: Promise<EngineReport> | null = null
  #isUp = false
  /** What the page asked for at first: a reboot asks for the same. */
  #wanted: BootRequest = {}

  /** Whether the engine can be asked: not before its first boot, and not in the midst of one. */
  get isUp(): boolean {
    return this.#isUp
  }

  get isForced(): boolean {
    return this.#wanted.engine !== undefined
  }

  boot(request: BootRequest = {}): Promise<EngineReport> {
    if (request.engine) this.#wanted = request
    this.#booted ??= this.#start(() => bootEngine(this.#wanted))
    return this.#booted
  }

  /** The booted engine; a device that was lost while nothing ran is replaced first. */
  async healthy(): Promise<EngineReport> {
    const report = await this.boot()
    if (report.engine !== 'webgpu') return report
    const failure = await engineFailure()
    if (failure?.code !== 'device_lost') return report
    this.losses++
    return this.losses > 1 && !this.isForced ? this.switchToWasm() : this.reboot()
  }

  /** Closes the engine and starts what was wanted at first: on WebGPU a new device, with no byte of the old one. */
  reboot(): Promise<EngineReport> {
    closeWebGpu()
    this.#booted = this.#start(() => bootEngine(this.#wanted))
    return this.#booted
  }

  switchToWasm(): Promise<EngineReport> {
    closeWebGpu()
    const reason = 'WASM stands in for WebGPU: the GPU was reset twice.'
    this.#booted = this.#start(() => bootEngine({ engine: 'wasm', reason }))
    return this.#booted
  }

  async #start(boot: () => Promise<EngineReport>): Promise<EngineReport> {
    this.#isUp = false
    try {
      const report = await boot()
      this.#isUp = true
      return report
    } catch (error) {
      this.#booted = null
      throw toAppError(error)
    }
  }
}
