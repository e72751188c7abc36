/** Softmax attention between patches on WebGPU: keys streamed past register tiles of queries. */
import { dispatch, f32, makeOutput, u32 } from '../../gpu/dispatch'
import { webgpuKernel } from '../../gpu/kernel'
import type { PatchAttentionAttrs } from './patch-attention'
import source from './patch-attention.wgsl?raw'

/** Vectors of channels whose sums one invocation keeps: 32 channels at most. */
const MOST_VECTORS = 8

/** The module for a chunk of so many vectors: its sums are an array of that length. */
function moduleFor(vectors: number) {
  return { label: `patch-attention-${vectors}`, source: `const CHUNK_VECTORS = ${vectors}u;\n${source}` }
}

const patchAttention = webgpuKernel<
  'colours' | 'keys' | 'values' | 'keysBefore' | 'queries' | 'tiles',
  PatchAttentionAttrs
>('PatchAttention', ({ colours, keys, values, keysBefore, queries, tiles }, attrs, backend) => {
  const { patch, stride, rows, columns, squaredReach, falloff } = attrs
  const channels = values.shape[1] as number
  const channelVectors = channels / 4
  const chunkVectors = Math.min(channelVectors, MOST_VECTORS)
  const chunks = Math.ceil(channelVectors / chunkVectors)
  const reach = Math.floor(Math.sqrt(squaredReach) + 0.01)
  const attended = makeOutput(backend, [queries.shape[0] as number, channels])
  const sizes = u32(colours.shape[1] as number, patch, stride, rows, columns, reach)
  let start = 0
  for (const end of attrs.tileRanges) {
    dispatch(backend, {
      module: moduleFor(chunkVectors),
      params: [...u32(start, end - start, chunks, channelVectors), ...sizes, ...f32(squaredReach, falloff)],
      inputs: [colours, keys, values, keysBefore, queries, tiles],
      outputs: [attended],
      threads: (end - start) * chunks,
      workgroup: 16,
      isLong: attrs.tileRanges.length > 1,
    })
    start = end
  }
  return attended
})

export const patchAttentionKernels = [patchAttention]
