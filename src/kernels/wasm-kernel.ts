/** The kernels of the WASM backend: addresses in tfjs's heap, scratch memory, threads. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type * as tf from '@tensorflow/tfjs-core'
import { stockKernel } from './register'
import { type AssemblyKernels, assemblyOf, type SplitKernel, tfjsModule } from './wasm-assembly'

/** One run of a kernel on the WASM backend. */
export interface WasmCall<Attrs> {
  inputs: Record<string, tf.TensorInfo>
  attrs: Attrs
  backend: BackendWasm
  assembly: AssemblyKernels
  /** Allocates an output tensor. */
  allocate(shape: number[], dtype?: 'float32' | 'int32'): tf.TensorInfo
  /** Address of a tensor's first element: stays valid when the heap grows, unlike a view. */
  pointer(tensor: tf.TensorInfo): number
  /** Memory that is freed when the kernel returns, 16-byte aligned. */
  scratch(bytes: number): number
  /** Runs a kernel that ends in a range of units on every thread: see `KernelThreads.run`. */
  parallel(kernel: SplitKernel, units: number, grain: number, ...values: number[]): void
}

type WasmRun<Attrs> = (call: WasmCall<Attrs>) => tf.TensorInfo | tf.TensorInfo[]

/** A kernel of the backend 'wasm': of our own, or in place of tfjs's own of that name. */
export function wasmKernel<Attrs>(kernelName: string, run: WasmRun<Attrs>): tf.KernelConfig {
  return { kernelName, backendName: 'wasm', kernelFunc: (params) => callKernel(params, run) }
}

/** A kernel in place of tfjs's of that name, which still runs the calls for which `run` returns null. */
export function replacingWasmKernel<Attrs>(
  kernelName: string,
  run: (call: WasmCall<Attrs>) => tf.TensorInfo | null,
): tf.KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: (params) =>
      callKernel<Attrs>(
        params,
        (call) => run(call) ?? (stockKernel(kernelName, 'wasm').kernelFunc(params) as tf.TensorInfo),
      ),
  }
}

type KernelParams = Parameters<tf.KernelFunc>[0]

function callKernel<Attrs>(params: KernelParams, run: WasmRun<Attrs>): tf.TensorInfo | tf.TensorInfo[] {
  const backend = params.backend as BackendWasm
  const module = tfjsModule(backend)
  const { kernels, threads } = assemblyOf(backend)
  const borrowed: number[] = []
  try {
    return run({
      inputs: params.inputs as Record<string, tf.TensorInfo>,
      attrs: params.attrs as Attrs,
      backend,
      assembly: kernels,
      allocate: (shape, dtype = 'float32') => backend.makeOutput(shape, dtype),
      pointer: (tensor) => backend.dataIdMap.get(tensor.dataId).memoryOffset,
      scratch: (bytes) => {
        const block = module._malloc(bytes + 16)
        borrowed.push(block)
        return ((block >>> 0) + 15) & ~15
      },
      parallel: (kernel, units, grain, ...values) => threads.run(kernel, units, grain, values),
    })
  } finally {
    for (const block of borrowed) module._free(block)
  }
}

/** Splits rows into bands that threads take one at a time, each with scratch memory of its own. */
export function rowBands(rows: number): { bands: number; bandRows: number } {
  const bandRows = Math.ceil(rows / 32)
  return { bands: Math.ceil(rows / bandRows), bandRows }
}
