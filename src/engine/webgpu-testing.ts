/** What the tests of the WebGPU kernels share. */
import type * as tf from '@tensorflow/tfjs'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { bootWebGpu, checkEngine, closeWebGpu } from './webgpu'

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
