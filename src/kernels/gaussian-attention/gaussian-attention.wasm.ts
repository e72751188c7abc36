import { registerWasmKernel } from '../wasm-kernel'
import { gaussianAttentionReference } from './gaussian-attention.reference'

export function registerGaussianAttentionWasm(): void {
  registerWasmKernel('GaussianAttention', ({ inputs: { map, a }, allocate, floats }) => {
    const attended = allocate(map.shape)
    const [height, width] = map.shape
    floats(attended).set(gaussianAttentionReference(floats(map), { height, width }, floats(a)))
    return attended
  })
}
