/** Softmax attention between patches on WebGPU: keys streamed past register tiles of queries. */
import { isSoftware } from '../../gpu/device'
import { dispatch, makeOutput } from '../../gpu/dispatch'
import { webgpuKernel } from '../webgpu-kernel'
import type { PatchAttentionAttrs } from './patch-attention'
import source from './patch-attention.wgsl?raw'
import alone from './patch-attention-alone.wgsl?raw'
import together from './patch-attention-together.wgsl?raw'

/** Vectors of channels whose sums one invocation keeps: 32 channels at most. */
const MOST_VECTORS = 8

const WORKGROUP = 16

/**
 * A tile alone would leave most of a graphics card idle: there lanes share its keys, and ranges of tiles are taken together, 10^9
 * multiply-adds at once.
 */
const CARD = { main: together, label: 'patch-attention-together', lanes: WORKGROUP, ranges: 16 }
const SOFTWARE = { main: alone, label: 'patch-attention-alone', lanes: 1, ranges: 1 }

/** The module for chunks of `vectors` vectors: its sums are an array of that length. */
function moduleFor({ main, label }: typeof CARD, vectors: number) {
  return { label: `${label}-${vectors}`, source: `const CHUNK_VECTORS = ${vectors}u;\n${source}${main}` }
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
  const sizes = { width: colours.shape[1] as number, side: patch, stride, rows, columns, reach }
  const way = isSoftware(backend.device) ? SOFTWARE : CARD
  const last = attrs.tileRanges.length - 1
  const ends = attrs.tileRanges.filter((_, i) => i === last || (i + 1) % way.ranges === 0)
  let start = 0
  for (const end of ends) {
    dispatch(backend, {
      module: moduleFor(way, chunkVectors),
      params: { firstTile: start, tiles: end - start, chunks, channelVectors, ...sizes, squaredReach, falloff },
      inputs: [colours, keys, values, keysBefore, queries, tiles],
      outputs: [attended],
      threads: (end - start) * chunks * way.lanes,
      workgroup: WORKGROUP,
      isLong: ends.length > 1,
    })
    start = end
  }
  return attended
})

export const patchAttentionKernels = [patchAttention]
