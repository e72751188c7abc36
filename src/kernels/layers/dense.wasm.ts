import { gradientOutput } from '../arena/destinations'
import { wasmKernel } from '../wasm-kernel'
import type { DenseAttrs } from './dense'

const dense = wasmKernel<DenseAttrs>('Dense', ({ inputs, attrs, allocate, pointer, assembly }) => {
  const { x, weights, bias } = inputs
  const y = allocate([x.shape[0], weights.shape[1]])
  const addresses = [x, weights, bias, y].map(pointer)
  assembly.dense(...addresses, x.shape[0], ...weights.shape, attrs.activation === 'relu' ? 1 : 0)
  return y
})

const denseGrad = wasmKernel<DenseAttrs>('DenseGrad', ({ inputs, attrs, backend, allocate, pointer, assembly }) => {
  const { dy, y, x, weights, bias } = inputs
  const dweights = gradientOutput(backend, weights, weights.shape)
  const dbias = gradientOutput(backend, bias, bias.shape)
  const dx = allocate(x.shape)
  const addresses = [dy, y, x, weights, dweights, dbias, dx].map(pointer)
  assembly.denseGrad(...addresses, x.shape[0], ...weights.shape, attrs.activation === 'relu' ? 1 : 0)
  return [dweights, dbias, dx]
})

export const denseKernels = [dense, denseGrad]
