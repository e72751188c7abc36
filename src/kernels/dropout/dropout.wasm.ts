import { hashWords } from '../../math/random'
import { registerWasmKernel } from '../wasm-kernel'
import type { CounterDropoutAttrs } from './dropout'
import { dropThreshold } from './dropout.reference'

export function registerDropoutWasm(): void {
  registerWasmKernel<CounterDropoutAttrs>('CounterDropout', ({ inputs: { x }, attrs, allocate, pointer, assembly }) => {
    const y = allocate(x.shape)
    const [items, channels] = [x.shape[0], x.shape[x.shape.length - 1]]
    const size = x.shape.slice(1).reduce((product, extent) => product * extent, 1)
    for (let n = 0; n < items; n++) {
      const key = hashWords(attrs.seed, attrs.layer, attrs.firstPass + n)
      const offset = 4 * n * size
      const mask = [Number(attrs.channelwise), key, dropThreshold(attrs.rate), 1 / (1 - attrs.rate)]
      assembly.dropout(pointer(x) + offset, pointer(y) + offset, size, channels, ...mask)
    }
    return y
  })
}
