import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type * as tf from '@tensorflow/tfjs-core'

/**
 * Replaces tfjs's own 'Identity' of the WASM backend, which copies the values: the tape clones every tensor that a gradient
 * needs, so that a training step copied all its activations once. Sharing the data and counting references, as every other
 * backend does, is enough.
 */
const identity: tf.KernelConfig = {
  kernelName: 'Identity',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend }) => {
    const { dataId, shape, dtype } = (inputs as { x: tf.TensorInfo }).x
    ;(backend as BackendWasm).incRef(dataId)
    return { dataId, shape, dtype }
  },
}

export const identityKernels = [identity]
