/** What the tests of the WebGPU kernels share. */

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { bootWebGpu, checkEngine, closeWebGpu } from '../../src/engine/webgpu'

/** Sizes around a workgroup's 64 invocations. */
export const WORKGROUP_SIZES = [1, 63, 64, 65]

/** The device that tests share, with the features that it does without. */
let shared: { device: GPUDevice; withheld: string; isLost: boolean } | null = null

/** Makes WebGPU the engine, on the device of the tests before where it is as asked for: its kernels are compiled already. */
export async function shareWebGpu(withheld: readonly GPUFeatureName[] = []): Promise<void> {
  const registered = 'webgpu' in tf.engine().registry ? (tf.findBackend('webgpu') as WebGPUBackend).device : null
  if (shared && shared.device === registered && !shared.isLost && shared.withheld === withheld.join()) {
    await tf.setBackend('webgpu')
    return
  }
  await bootWebGpu(withheld)
  const opened = { device: (tf.backend() as WebGPUBackend).device, withheld: withheld.join(), isLost: false }
  shared = opened
  void opened.device.lost.then(() => {
    opened.isLost = true
  })
}

/** Makes WebGPU the engine of a test file (without an adapter its tests fail) and fails a test whose commands the device refused. */
export function useWebGpu(withheld: readonly GPUFeatureName[] = []): void {
  beforeAll(async () => {
    await shareWebGpu(withheld)
    tf.engine().startScope()
  })
  afterEach(checkEngine)
  afterAll(() => tf.engine().endScope())
}

/** The same on a device of its own, for which no kernel is compiled. */
export function useFreshWebGpu(): void {
  beforeAll(async () => {
    await bootWebGpu()
  })
  afterEach(checkEngine)
  afterAll(closeWebGpu)
}

/** Values of several tensors. */
export function read(...tensors: tf.Tensor[]): Promise<Float32Array[]> {
  return Promise.all(tensors.map((tensor) => tensor.data<'float32'>()))
}

/** In this suite the software adapter passes for a graphics card: kernels take the ways that they have for one. */
export function pretendCard(): void {
  const device = () => (tf.backend() as WebGPUBackend).device
  const value = { vendor: 'test', architecture: 'card', device: '', description: '', isFallbackAdapter: false }
  beforeAll(() => {
    Object.defineProperty(device(), 'adapterInfo', { value, configurable: true })
  })
  afterAll(() => {
    Reflect.deleteProperty(device(), 'adapterInfo')
  })
}
