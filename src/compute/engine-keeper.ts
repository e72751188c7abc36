/**
 * Keeps the engine of this worker: boots it once, boots it again after it failed, and no longer on WebGPU after two
 * losses of the device.
 */
import type { EngineReport } from '../domain/engine'
import { toAppError } from '../domain/errors'
import { bootEngine } from '../engine/boot'
import { closeWebGpu, engineFailure } from '../engine/webgpu'
import type { ComputeApi } from '../rpc/contract'

type BootRequest = Parameters<ComputeApi['boot']>[0]

export class EngineKeeper {
  /** Number of times a device was lost unexpectedly in the life of this worker. */
  losses = 0
  #booted: Promise<EngineReport> | null = null
  #isUp = false
  /** The page's first request: a reboot repeats it. */
  #wanted: BootRequest = {}

  /** Whether the engine can be asked: it has booted and is not booting. */
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

  /**
   * Closes the engine and boots it as the page first asked: on WebGPU a new device, which shares no byte with the old
   * one.
   */
  reboot(): Promise<EngineReport> {
    closeWebGpu()
    this.#booted = this.#start(() => bootEngine(this.#wanted))
    return this.#booted
  }

  switchToWasm(): Promise<EngineReport> {
    closeWebGpu()
    const reason = 'WASM stands in for WebGPU: the GPU was reset twice.'
    this.#booted = this.#start(() => bootEngine({ ...this.#wanted, engine: 'wasm', reason }))
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
