import { hashWords } from '../../math/random'
import { dropThreshold } from '../dropout/dropout.reference'
import { registerWasmKernel } from '../wasm-kernel'
import type { UpsampledDepthwiseAttrs, UpsampledTapsAttrs } from './upsampled-convolution'

export function registerUpsampledConvolutionWasm(): void {
  registerWasmKernel<UpsampledDepthwiseAttrs>(
    'UpsampledDepthwise',
    ({ inputs, attrs, allocate, pointer, assembly }) => {
      const { z, filter, bias } = inputs
      const [items, h, w, channels] = z.shape
      const { height, width } = attrs
      const y = allocate([items, height, width, channels])
      const pointers = [z, filter, bias, y].map(pointer)
      assembly.upsampledDepthwise(...pointers, items, h, w, height, width, channels, 0, height)
      return y
    },
  )
  registerWasmKernel<UpsampledTapsAttrs>('UpsampledTaps', ({ inputs, attrs, allocate, pointer, scratch, assembly }) => {
    const { taps, shared } = inputs
    const { rate, seed, layer, firstPass } = attrs
    const [items, h, w] = taps.shape
    const [sharedItems, height, width, channels] = shared.shape
    const y = allocate([items, height, width, channels])
    const itemBytes = 4 * height * width * channels
    const cells = scratch(4 * 72)
    for (let n = 0; n < items; n++) {
      const other = pointer(shared) + (sharedItems === 1 ? 0 : n * itemBytes)
      const maps = [pointer(taps) + 4 * n * h * w * 9 * channels, other, pointer(y) + n * itemBytes]
      const mask = [hashWords(seed, layer, firstPass + n), dropThreshold(rate), 1 / (1 - rate)]
      assembly.upsampledTaps(...maps, h, w, height, width, channels, ...mask, 0, height, cells)
    }
    return y
  })
}
