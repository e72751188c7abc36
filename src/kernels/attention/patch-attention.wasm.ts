import { wasmKernel } from '../wasm-kernel'
import type { PatchAttentionAttrs } from './patch-attention'

/** Tiles that a thread takes at a time, sharing one block of scratch memory. */
const GRAIN = 8

const patchAttention = wasmKernel<PatchAttentionAttrs>(
  'PatchAttention',
  ({ inputs, attrs, allocate, pointer, scratch, parallel }) => {
    const { colours, keys, values, keysBefore, queries, tiles } = inputs
    const { patch, stride, rows, columns, squaredReach, falloff } = attrs
    const channels = values.shape[1]
    const attended = allocate([queries.shape[0], channels])
    const tileCount = tiles.shape[0] - 1
    // Eight dot products, the sums, and the tile's patches.
    const scratchBytes = 16 * (8 + channels + 3 * patch * patch)
    const addresses = [colours, keys, values, keysBefore, queries, tiles, attended].map(pointer)
    const sizes = [colours.shape[1], patch, stride, rows, columns, channels, squaredReach, falloff]
    const blocks = scratch(scratchBytes * Math.ceil(tileCount / GRAIN))
    parallel('patchAttention', tileCount, GRAIN, ...addresses, ...sizes, blocks, scratchBytes, GRAIN)
    return attended
  },
)

export const patchAttentionKernels = [patchAttention]
