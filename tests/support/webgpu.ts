/** What the tests of the WebGPU kernels share. */

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { bootWebGpu, checkEngine, closeWebGpu } from '../../src/engine/webgpu'

/** Sizes around a workgroup's 64 invocations. */
export const WORKGROUP_SIZES = [1, 63, 64, 65]

/** Boots WebGPU for a test file (without an adapter its tests fail) and fails a test whose commands the device refused. */
export function useWebGpu(withheld: readonly GPUFeatureName[] = []): void {
  beforeAll(async () => {
    await bootWebGpu(withheld)
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
