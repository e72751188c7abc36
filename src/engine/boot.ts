/** Chooses and starts the engine of this thread: WebGPU on a real GPU that passes the self-test, else WASM. */
import type { EngineName, EngineReport } from '../domain/engine'
import { toAppError } from '../domain/errors'
import { selfTest } from './self-test'
import { bootWasm } from './wasm'
import { bootWebGpu, checkEngine, closeWebGpu } from './webgpu'

/**
 * Starts an engine and lets it pass the self-test.
 * @param request `engine` forces one: then its failure is an error (`no_webgpu`, `kernel_failed`, ...), not a fallback;
 * `reason` is why, when no person asked for it; `threads` are the WASM engine's, one for each core when absent
 */
export async function bootEngine(request: {
  engine?: EngineName
  reason?: string
  threads?: number
}): Promise<EngineReport> {
  const { threads } = request
  if (request.engine === 'wasm') return startWasm(request.reason ?? 'WASM was asked for.', threads)
  if (request.engine === 'webgpu') {
    const { device, isSoftware } = await startWebGpu()
    const reason = isSoftware
      ? 'WebGPU was asked for; it runs on the CPU here, right but slow.'
      : 'WebGPU was asked for.'
    return { engine: 'webgpu', device, reason, isSoftware }
  }
  const attempt = await attemptWebGpu()
  return 'refusal' in attempt ? startWasm(attempt.refusal, threads) : attempt
}

/** WebGPU where it is worth having, else the sentence that says why not. */
async function attemptWebGpu(): Promise<EngineReport | { refusal: string }> {
  try {
    const { device, isSoftware } = await bootWebGpu()
    if (isSoftware) {
      closeWebGpu()
      return { refusal: `WebGPU runs on the CPU here (${device}), where WASM is faster.` }
    }
    await passSelfTest()
    return { engine: 'webgpu', device, reason: 'WebGPU passed its self-test.', isSoftware }
  } catch (error) {
    closeWebGpu()
    return { refusal: `WASM stands in for WebGPU: ${toAppError(error).message}` }
  }
}

async function startWebGpu(): Promise<{ device: string; isSoftware: boolean }> {
  try {
    const started = await bootWebGpu()
    await passSelfTest()
    return started
  } catch (error) {
    closeWebGpu()
    throw toAppError(error)
  }
}

async function startWasm(reason: string, threads?: number): Promise<EngineReport> {
  const { device } = await bootWasm(threads)
  await selfTest()
  return { engine: 'wasm', device, reason, isSoftware: false }
}

/** The device's complaint tells more than the wrong numbers that came of it. */
async function passSelfTest(): Promise<void> {
  const outcome = await selfTest().catch((error: unknown) => toAppError(error))
  await checkEngine()
  if (outcome) throw outcome
}
