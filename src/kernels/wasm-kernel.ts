/** What the kernels of the WASM backend share: addresses in tfjs's heap, scratch memory, and registration. */

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
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

/** Registers a kernel for the backend 'wasm'. Registering again, after a new start of the backend, changes nothing. */
export function registerWasmKernel<Attrs>(kernelName: string, run: WasmRun<Attrs>): void {
  if (tf.getKernel(kernelName, 'wasm')) return
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: (params) => callKernel(params, run) })
}

const replaced = new Set<string>()

/** Replaces tfjs's kernel of this name; where `run` returns null, the call is none of ours and tfjs's kernel does it. */
export function replaceWasmKernel<Attrs>(
  kernelName: string,
  run: (call: WasmCall<Attrs>) => tf.TensorInfo | null,
): void {
  if (replaced.has(kernelName)) return
  replaced.add(kernelName)
  const stock = tf.getKernel(kernelName, 'wasm').kernelFunc
  tf.unregisterKernel(kernelName, 'wasm')
  registerWasmKernel<Attrs>(
    kernelName,
    (call) => run(call) ?? (stock(call as unknown as KernelParams) as tf.TensorInfo),
  )
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
