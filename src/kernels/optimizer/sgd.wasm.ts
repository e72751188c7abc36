import { forgetPackedWeights } from '../arena/block.wasm'
import { wasmKernel } from '../wasm-kernel'
import type { SgdOptions } from './sgd.reference'

/** Blocks of 64 floats that a thread takes at a time: some 64 KiB of each array. */
const GRAIN = 256

const sgdStep = wasmKernel<SgdOptions>('SgdStep', ({ inputs, attrs, backend, pointer, parallel }) => {
  const { parameters, gradients, velocities, rates } = inputs
  const addresses = [parameters, gradients, velocities, rates].map(pointer)
  parallel('sgdStep', rates.shape[0], GRAIN, ...addresses, attrs.momentum, attrs.weightDecay)
  forgetPackedWeights(backend, parameters.dataId)
  return []
})

export const sgdKernels = [sgdStep]
