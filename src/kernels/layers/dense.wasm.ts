import { gradientOutput } from '../arena/destinations'
import { wasmKernel } from '../wasm-kernel'
import type { DenseAttrs } from './dense'

/** Outputs of a unit of the forward pass and inputs of a unit of the gradients, as in `dense.as.ts`. */
const COLUMNS = 256
const ROWS = 8

/** Multiply-adds that are worth handing to another thread. */
const WORTHWHILE = 32768

/** Units of so many multiply-adds each that a thread takes at a time. */
const grainOf = (unit: number) => Math.max(1, Math.ceil(WORTHWHILE / unit))

const dense = wasmKernel<DenseAttrs>('Dense', ({ inputs: given, attrs, allocate, pointer, parallel }) => {
  const { x, weights, bias } = given
  const [items] = x.shape
  const [inputs, outputs] = weights.shape
  const y = allocate([items, outputs])
  const sizes = [items, inputs, outputs, attrs.activation === 'relu' ? 1 : 0]
  const grain = grainOf(items * inputs * COLUMNS)
  parallel('dense', Math.ceil(outputs / COLUMNS), grain, ...[x, weights, bias, y].map(pointer), ...sizes)
  return y
})

const denseGrad = wasmKernel<DenseAttrs>('DenseGrad', (call) => {
  const { attrs, backend, allocate, pointer, scratch, parallel } = call
  const { dy, y, x, weights, bias } = call.inputs
  const [items] = x.shape
  const [inputs, outputs] = weights.shape
  const dweights = gradientOutput(backend, weights, weights.shape)
  const dbias = gradientOutput(backend, bias, bias.shape)
  const dx = allocate(x.shape)
  const padded = 4 * Math.ceil(items / 4)
  const [dz, aside] = [scratch(4 * padded * outputs), scratch(8 * padded * inputs)]
  const isRelu = attrs.activation === 'relu' ? 1 : 0
  parallel(
    'denseGradOutputs',
    outputs,
    grainOf(items),
    pointer(dy),
    pointer(y),
    dz,
    pointer(dbias),
    items,
    outputs,
    isRelu,
  )
  const addresses = [dz, ...[x, weights, dweights, dx].map(pointer), aside]
  const grain = grainOf(2 * items * ROWS * outputs)
  parallel('denseGrad', Math.ceil(inputs / ROWS), grain, ...addresses, items, inputs, outputs)
  return [dweights, dbias, dx]
})

export const denseKernels = [dense, denseGrad]
