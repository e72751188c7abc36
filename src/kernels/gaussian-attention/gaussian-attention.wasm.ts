import { registerWasmKernel } from '../wasm-kernel'

export function registerGaussianAttentionWasm(): void {
  registerWasmKernel('GaussianAttention', ({ inputs: { map, a }, allocate, pointer, scratch, assembly }) => {
    const [height, width] = map.shape
    const taps = a.shape[0]
    const attended = allocate(map.shape)
    const rows = scratch(4 * (width + taps + height * width))
    assembly.gaussianAttention(pointer(map), pointer(a), pointer(attended), height, width, taps, rows)
    return attended
  })
}
