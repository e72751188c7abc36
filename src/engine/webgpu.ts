/** The WebGPU engine: our own GPUDevice under tfjs' WebGPU backend, with our kernels for what tfjs lacks or does slowly. */
import './gradients'
import './tfjs-webgpu-kernels'
import * as tf from '@tensorflow/tfjs-core'
import type { AppError } from '../domain/errors'
import { type ComputeDevice, openDevice } from '../gpu/device'
import { SUBMIT_BATCH_SIZE } from '../gpu/dispatch'
import { checkDevice, failureOf } from '../gpu/failures'
import { PacedBackend } from '../gpu/paced-backend'
import { registerKernel } from '../kernels/register'
import { webgpuKernels } from '../kernels/webgpu'

/** The device under the registered backend. */
let open: ComputeDevice | null = null

/**
 * Makes WebGPU the engine of this thread.
 * @param withheld features that its kernels shall do without
 * @returns the adapter's name, and whether it is a program on the CPU
 * @throws no_webgpu when there is no adapter
 */
export async function bootWebGpu(
  withheld: readonly GPUFeatureName[] = [],
): Promise<{ device: string; isSoftware: boolean }> {
  closeWebGpu()
  const compute = await openDevice(withheld)
  open = compute
  tf.env().set('WEBGPU_CPU_FORWARD', false)
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', SUBMIT_BATCH_SIZE)
  // Kernels are keyed by the backend's name: it must stay 'webgpu', whose own factory would open a second device.
  removeBackend()
  tf.registerBackend('webgpu', () => new PacedBackend(compute.device, compute.info), 3)
  for (const kernel of webgpuKernels) registerKernel(kernel)
  await tf.setBackend('webgpu')
  await tf.ready()
  return { device: compute.description, isSoftware: compute.isSoftware }
}

/** Frees the device and every tensor on it. */
export function closeWebGpu(): void {
  if (!open) return
  removeBackend()
  open.device.destroy()
  open = null
}

/** tfjs' own factory, or ours of the device before; tfjs throws when neither is there. */
function removeBackend(): void {
  if ('webgpu' in tf.engine().registryFactory) tf.removeBackend('webgpu')
}

/**
 * Throws what went wrong on the device since the last check: `device_lost`, `out_of_memory` or `kernel_failed`.
 * To be awaited before results are used or stored; nothing to do on another engine.
 */
export async function checkEngine(): Promise<void> {
  if (open && tf.getBackend() === 'webgpu') await checkDevice(open.device)
}

/** The error that `checkEngine` would throw, or null; waits a little for a loss that the browser has yet to report. */
export async function engineFailure(): Promise<AppError | null> {
  return open && tf.getBackend() === 'webgpu' ? failureOf(open.device) : null
}

/** Lets submits hold this share of the usual work: less, after a device was lost. Nothing to do on another engine. */
export function setWorkShare(share: number): void {
  const backend = tf.backend()
  if (backend instanceof PacedBackend) backend.pacing.share = share
}
