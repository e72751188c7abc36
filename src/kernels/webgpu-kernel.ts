/** tfjs kernels of the WebGPU backend, with typed inputs and attributes: of our own, or in place of tfjs' own. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type * as tf from '@tensorflow/tfjs-core'
import { stockKernel } from './register'

type Run<Inputs extends string, Attrs> = (
  inputs: Record<Inputs, tf.TensorInfo>,
  attrs: Attrs,
  backend: WebGPUBackend,
) => tf.TensorInfo | tf.TensorInfo[]

export function webgpuKernel<Inputs extends string, Attrs = object>(
  kernelName: string,
  run: Run<Inputs, Attrs>,
): tf.KernelConfig {
  return {
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend }) =>
      run(inputs as Record<Inputs, tf.TensorInfo>, attrs as unknown as Attrs, backend as WebGPUBackend),
  }
}

/** A kernel in place of tfjs' of that name, which still runs what ours does not take. */
export function replacingWebgpuKernel<Inputs extends string, Attrs = object>(
  kernelName: string,
  takes: (inputs: Partial<Record<string, tf.TensorInfo>>, attrs: Attrs, backend: WebGPUBackend) => boolean,
  run: Run<Inputs, Attrs>,
): tf.KernelConfig {
  const ours = webgpuKernel(kernelName, run)
  return {
    ...ours,
    kernelFunc: (call) => {
      const isOurs = takes(call.inputs, call.attrs as unknown as Attrs, call.backend as WebGPUBackend)
      const runs = isOurs ? ours : stockKernel(kernelName, 'webgpu')
      return runs.kernelFunc(call)
    },
  }
}
