import { forgetPackedWeights } from '../arena/block.wasm'
import { wasmKernel } from '../wasm-kernel'
import type { SgdAttrs } from './sgd'

/** Blocks of 64 floats that a thread takes at a time: some 64 KiB of each array. */
const GRAIN = 256

const sgdStep = wasmKernel<SgdAttrs>('SgdStep', ({ inputs, attrs, backend, pointer, parallel }) => {
  const { parameters, gradients, velocities, rates, squareSum } = inputs
  const addresses = [...[parameters, gradients, velocities, rates].map(pointer), squareSum ? pointer(squareSum) : 0]
  const { clipNorm, momentum, weightDecay, nesterov } = attrs
  parallel('sgdStep', rates.shape[0], GRAIN, ...addresses, clipNorm, momentum, weightDecay, Number(nesterov))
  forgetPackedWeights(backend, parameters.dataId)
  return []
})

export const sgdKernels = [sgdStep]
