import './gradients'
import './tfjs-wasm-kernels'
import { type BackendWasm, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/base'
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import * as tf from '@tensorflow/tfjs-core'
import { AppError } from '../domain/errors'
import { registerKernel } from '../kernels/register'
import { wasmKernels } from '../kernels/wasm'
import { attachAssembly } from '../kernels/wasm-assembly'
import { guardWasmMemory } from './memory'

/**
 * Starts tfjs's WASM backend with our kernels. Threads need a cross-origin isolated page; SIMD is required.
 * @param threads at most so many; one for each core when absent
 */
export async function bootWasm(threads = navigator.hardwareConcurrency): Promise<{ device: string }> {
  if (!tf.engine().registryFactory.wasm) {
    throw new AppError('internal', 'The WASM backend is not part of this build.', 'Reload the page.')
  }
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw new AppError(
      'internal',
      'This browser runs no WebAssembly SIMD instructions.',
      'Use a browser of 2023 or newer.',
    )
  }
  if (!('wasm' in tf.engine().registry)) {
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plainUrl,
      'tfjs-backend-wasm-simd.wasm': simdUrl,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
    })
    // Our kernels have threads of their own. tfjs's would spin for milliseconds after each of its operations, in their way.
    setThreadsCount(1)
  }
  await tf.setBackend('wasm')
  guardWasmMemory(tf.backend() as BackendWasm)
  const started = await attachAssembly(tf.backend() as BackendWasm, threads)
  for (const kernel of wasmKernels) registerKernel(kernel)
  return { device: `WASM, SIMD, ${started} thread${started === 1 ? '' : 's'}` }
}
