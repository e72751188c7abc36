/** tfjs 4.22 as it comes: its own kernels and defaults, on a device opened like ours. */

import * as tf from '@tensorflow/tfjs'
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { EngineName } from '../../../../src/domain/engine'
import { openDevice } from '../../../../src/gpu/device'
import { kernelPrograms } from '../kernels'
import { stockLabelExtensionPrograms } from '../label-extension'
import { contestant } from '../serve'
import { registerStockGradients } from './gradients'
import { STOCK_OPERATIONS } from './operations'
import { registerSubstitutes } from './substitutes'
import { stockTrainStepPrograms } from './train-step'

async function boot(engine: EngineName): Promise<string> {
  registerStockGradients()
  registerSubstitutes(engine)
  if (engine === 'wasm') {
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plainUrl,
      'tfjs-backend-wasm-simd.wasm': simdUrl,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
    })
    setThreadsCount(navigator.hardwareConcurrency)
    await tf.setBackend('wasm')
    return 'tfjs, WASM'
  }
  const { device, info, description } = await openDevice()
  tf.removeBackend('webgpu')
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info), 3)
  await tf.setBackend('webgpu')
  await tf.ready()
  return description
}

export const stock = contestant(boot, {
  ...stockTrainStepPrograms,
  ...kernelPrograms(STOCK_OPERATIONS),
  ...stockLabelExtensionPrograms,
})
