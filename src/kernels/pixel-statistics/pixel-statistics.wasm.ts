import { registerWasmKernel } from '../wasm-kernel'
import type { PixelStatisticsAttrs } from './pixel-statistics'

export function registerPixelStatisticsWasm(): void {
  registerWasmKernel<PixelStatisticsAttrs>(
    'PixelStatistics',
    ({ inputs: { logits }, attrs, allocate, pointer, scratch, assembly }) => {
      const [batch, h, w, channels] = logits.shape
      const shape = [batch, attrs.height, attrs.width]
      const outputs = [allocate(shape, 'int32'), allocate(shape), allocate(shape), allocate(shape)]
      const sizes = [batch, h, w, channels, attrs.height, attrs.width]
      const rows = scratch(4 * (w + 1) * (channels + 3))
      assembly.pixelStatistics(pointer(logits), ...outputs.map(pointer), ...sizes, rows)
      return outputs
    },
  )
}
