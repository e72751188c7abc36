import { hashWords } from '../../math/random'
import { dropThreshold } from '../layers/dropout.reference'
import { wasmKernel } from '../wasm-kernel'
import type { UpsampledDepthwiseAttrs, UpsampledTapsAttrs } from './upsampled-convolution'

const upsampledDepthwise = wasmKernel<UpsampledDepthwiseAttrs>(
  'UpsampledDepthwise',
  ({ inputs, attrs, allocate, pointer, parallel }) => {
    const { z, filter, bias } = inputs
    const [items, h, w, channels] = z.shape
    const { height, width } = attrs
    const y = allocate([items, height, width, channels])
    const pointers = [z, filter, bias, y].map(pointer)
    parallel('upsampledDepthwise', height, 4, ...pointers, items, h, w, height, width, channels)
    return y
  },
)

const upsampledTaps = wasmKernel<UpsampledTapsAttrs>(
  'UpsampledTaps',
  ({ inputs, attrs, allocate, pointer, scratch, parallel }) => {
    const { taps, shared } = inputs
    const { rate, seed, layer, firstPass } = attrs
    const [items, h, w] = taps.shape
    const [sharedItems, height, width, channels] = shared.shape
    const y = allocate([items, height, width, channels])
    const maps = [pointer(taps), pointer(shared), Number(sharedItems === 1), pointer(y)]
    const mask = [hashWords(seed, layer), firstPass, dropThreshold(rate), 1 / (1 - rate)]
    const rows = items * height
    const cells = scratch(4 * 72 * rows)
    parallel('upsampledTaps', rows, 4, ...maps, h, w, height, width, channels, ...mask, cells)
    return y
  },
)

export const upsampledConvolutionKernels = [upsampledDepthwise, upsampledTaps]
