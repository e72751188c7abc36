import { rowBands, wasmKernel } from '../wasm-kernel'
import type { PixelStatisticsAttrs } from './pixel-statistics'

const pixelStatistics = wasmKernel<PixelStatisticsAttrs>(
  'PixelStatistics',
  ({ inputs: { logits }, attrs, allocate, pointer, scratch, parallel }) => {
    const [batch, h, w, channels] = logits.shape
    const shape = [batch, attrs.height, attrs.width]
    const outputs = [allocate(shape, 'int32'), allocate(shape), allocate(shape), allocate(shape)]
    const sizes = [batch, h, w, channels, attrs.height, attrs.width]
    const { bands, bandRows } = rowBands(batch * attrs.height)
    const rows = scratch(16 * bands * (w + 1) * Math.ceil(channels / 4))
    parallel('pixelStatistics', bands, 1, pointer(logits), ...outputs.map(pointer), ...sizes, rows, bandRows)
    return outputs
  },
)

export const pixelStatisticsKernels = [pixelStatistics]
