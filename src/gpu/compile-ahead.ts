/**
 * Compiles what a computation will need before it is needed, side by side and off this thread: a driver may take a second
 * for a pipeline, and a training step has dozens. The computation is traced once without computing anything.
 */
import * as tf from '@tensorflow/tfjs-core'
import { compilations } from './dispatch'
import { checkDevice } from './failures'
import { PacedBackend } from './paced-backend'

/** tfjs' own: its programs are compiled asynchronously and not run. */
const COMPILE_ONLY = 'WEBGPU_ENGINE_COMPILE_ONLY'

/** The part of WebGPUBackend 4.22 in which its pipelines, or promises of them, are kept. */
interface Pipelines {
  pipelineCache: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>
}

/**
 * @param trace runs the computation; its tensors hold nothing, so that it must not read any. What it makes is its own to dispose of
 * @param onProgress hears how many of the pipelines that were missing are compiled
 * @throws kernel_failed when one does not compile; on another engine than WebGPU there is nothing to do
 */
export async function compileAhead(
  trace: () => void,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<void> {
  const backend = tf.backend()
  if (!(backend instanceof PacedBackend)) return
  compileOnly(backend, true)
  try {
    trace()
  } finally {
    compileOnly(backend, false)
  }
  const { pipelineCache } = backend as unknown as Pipelines
  const pending = [
    ...compilations(backend),
    ...Object.values(pipelineCache).filter((pipeline) => pipeline instanceof Promise),
  ]
  let done = 0
  onProgress(done, pending.length)
  const outcomes = await Promise.allSettled(
    pending.map((pipeline) => pipeline.then(() => onProgress(++done, pending.length))),
  )
  // The device's words on a failure, the kernel's name above all, tell more than the rejection.
  await checkDevice(backend.device)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  await backend.checkCompileCompletionAsync()
}

function compileOnly(backend: PacedBackend, isOn: boolean): void {
  backend.onlyCompiles = isOn
  tf.env().set(COMPILE_ONLY, isOn)
}
