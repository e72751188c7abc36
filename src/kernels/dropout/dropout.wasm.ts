import { registerWasmKernel } from '../wasm-kernel'
import type { CounterDropoutAttrs } from './dropout'
import { dropoutReference } from './dropout.reference'

export function registerDropoutWasm(): void {
  registerWasmKernel<CounterDropoutAttrs>('CounterDropout', ({ inputs: { x }, attrs, allocate, floats }) => {
    const y = allocate(x.shape)
    floats(y).set(dropoutReference(floats(x), x.shape[0], x.shape[x.shape.length - 1], attrs))
    return y
  })
}
