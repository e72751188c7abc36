/** What the kernels of the WASM backend share: typed access to tfjs's heap, and registration. */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

/** One run of a kernel on the WASM backend. */
export interface WasmCall<Attrs> {
  inputs: Record<string, tf.TensorInfo>
  attrs: Attrs
  backend: BackendWasm
  /** Allocates an output tensor. Allocation may grow the heap: take views only after the last one. */
  allocate(shape: number[], dtype?: 'float32' | 'int32'): tf.TensorInfo
  /** View of a float32 tensor in the heap; valid until the next allocation. */
  floats(tensor: tf.TensorInfo): Float32Array
  /** View of an int32 tensor in the heap; valid until the next allocation. */
  integers(tensor: tf.TensorInfo): Int32Array
}

/** Registers a kernel for the backend 'wasm'. Registering again, after a new start of the backend, changes nothing. */
export function registerWasmKernel<Attrs>(
  kernelName: string,
  run: (call: WasmCall<Attrs>) => tf.TensorInfo | tf.TensorInfo[],
): void {
  if (tf.getKernel(kernelName, 'wasm')) return
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
      const backend = anyBackend as BackendWasm
      return run({
        inputs: inputs as Record<string, tf.TensorInfo>,
        attrs: attrs as Attrs,
        backend,
        allocate: (shape, dtype = 'float32') => backend.makeOutput(shape, dtype),
        floats: (tensor) => backend.typedArrayFromHeap(tensor) as Float32Array,
        integers: (tensor) => backend.typedArrayFromHeap(tensor) as Int32Array,
      })
    },
  })
}
