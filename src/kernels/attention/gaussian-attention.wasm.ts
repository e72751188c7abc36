import { wasmKernel } from '../wasm-kernel'

/** Rows that a thread takes at a time. */
const GRAIN = 8

const gaussianAttention = wasmKernel(
  'GaussianAttention',
  ({ inputs: { map, a }, allocate, pointer, scratch, parallel }) => {
    const [height, width] = map.shape
    const taps = a.shape[0]
    const attended = allocate(map.shape)
    const [filtered, lines] = [scratch(4 * height * width), scratch(4 * height * (width + taps))]
    parallel('attentionRows', height, GRAIN, pointer(map), pointer(a), filtered, width, taps, lines)
    parallel('attentionColumns', height, GRAIN, filtered, pointer(a), pointer(attended), height, width, taps)
    return attended
  },
)

export const gaussianAttentionKernels = [gaussianAttention]
