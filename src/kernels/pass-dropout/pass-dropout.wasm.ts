import { hashWords } from '../../math/random'
import { dropThreshold } from '../dropout/dropout.reference'
import { registerWasmKernel } from '../wasm-kernel'
import type { PassDropoutAttrs } from './pass-dropout'

export function registerPassDropoutWasm(): void {
  registerWasmKernel<PassDropoutAttrs>('PassDropout', ({ inputs, attrs, allocate, pointer, assembly }) => {
    const { x, shared } = inputs
    const { passes, rate, seed, layer, firstPass } = attrs
    const [, height, width, channels] = x.shape
    const size = height * width * channels
    const y = allocate([passes, height, width, channels])
    // Item n of a tensor, or the only one there is.
    const item = (tensor: typeof x, n: number) => pointer(tensor) + (tensor.shape[0] === 1 ? 0 : 4 * n * size)
    const constants = [dropThreshold(rate), 1 / (1 - rate), attrs.relu ? 0 : Number.NEGATIVE_INFINITY]
    for (let n = 0; n < passes; n++) {
      const maps = [item(x, n), attrs.hasShared ? item(shared, n) : 0, pointer(y) + 4 * n * size]
      const key = hashWords(seed, layer, firstPass + n)
      assembly.passDropout(...maps, size, channels, Number(attrs.channelwise), key, ...constants)
    }
    return y
  })
}
