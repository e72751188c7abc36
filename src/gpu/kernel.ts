/** A tfjs kernel of the WebGPU backend, with typed inputs and attributes. */
import type * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'

export function webgpuKernel<Inputs extends string, Attrs = object>(
  kernelName: string,
  run: (inputs: Record<Inputs, tf.TensorInfo>, attrs: Attrs, backend: WebGPUBackend) => tf.TensorInfo | tf.TensorInfo[],
): tf.KernelConfig {
  return {
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend }) =>
      run(inputs as Record<Inputs, tf.TensorInfo>, attrs as unknown as Attrs, backend as WebGPUBackend),
  }
}
