import { rowBands, wasmKernel } from '../wasm-kernel'
import type { SoftVotesAttrs } from './soft-votes'

const softVotes = wasmKernel<SoftVotesAttrs>(
  'SoftVotes',
  ({ inputs: { logits }, attrs, allocate, pointer, ...call }) => {
    const [passes, h, w, channels] = logits.shape
    const { height, width } = attrs
    const stride = 4 * Math.ceil(channels / 4)
    const maps = [0, 1, 2].map(() => allocate([height, width]))
    const { bands, bandRows } = rowBands(height)
    const rows = call.scratch(4 * bands * ((w + width + 1) * stride + width))
    const sizes = [passes, h, w, channels, height, width]
    call.parallel('softVotes', bands, 1, pointer(logits), ...maps.map(pointer), ...sizes, rows, bandRows)
    return maps
  },
)

export const softVotesKernels = [softVotes]
