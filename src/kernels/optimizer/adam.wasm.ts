import { forgetPackedWeights } from '../arena/block.wasm'
import { wasmKernel } from '../wasm-kernel'
import type { AdamFactors } from './adam.reference'

/** Blocks of 64 floats that a thread takes at a time: some 64 KiB of each array. */
const GRAIN = 256

/** Floats of a partial sum, as in `adam.as.ts`. */
const CHUNK = 4096

const squareSum = wasmKernel('SquareSum', ({ inputs, allocate, pointer, scratch, parallel, assembly }) => {
  const { x, rates } = inputs
  const chunks = Math.ceil(x.shape[0] / CHUNK)
  const partials = scratch(8 * chunks)
  parallel('squareSums', chunks, 8, pointer(x), rates ? pointer(rates) : 0, partials, x.shape[0])
  const total = allocate([1])
  assembly.addDoubles(partials, pointer(total), chunks)
  return total
})

const adamStep = wasmKernel<AdamFactors>('AdamStep', ({ inputs, attrs, backend, pointer, parallel }) => {
  const { parameters, gradients, first, second, squareSum: sum } = inputs
  const addresses = [...[parameters, gradients, first, second].map(pointer), sum ? pointer(sum) : 0]
  const { clipNorm, firstShare, secondShare, rate, rootScale, epsilon } = attrs
  const factors = [clipNorm, firstShare, secondShare, rate, rootScale, epsilon]
  parallel('adamStep', parameters.shape[0] / 64, GRAIN, ...addresses, ...factors)
  forgetPackedWeights(backend, parameters.dataId)
  return []
})

export const adamKernels = [squareSum, adamStep]
