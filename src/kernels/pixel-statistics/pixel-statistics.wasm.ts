import type { Shape4D } from '../convolution/geometry'
import { registerWasmKernel } from '../wasm-kernel'
import type { PixelStatisticsAttrs } from './pixel-statistics'
import { pixelStatisticsReference } from './pixel-statistics.reference'

export function registerPixelStatisticsWasm(): void {
  registerWasmKernel<PixelStatisticsAttrs>(
    'PixelStatistics',
    ({ inputs: { logits }, attrs, allocate, floats, integers }) => {
      const shape = [logits.shape[0], attrs.height, attrs.width]
      const [prediction, confidence, margin, entropy] = [
        allocate(shape, 'int32'),
        allocate(shape),
        allocate(shape),
        allocate(shape),
      ]
      const result = pixelStatisticsReference(floats(logits), logits.shape as Shape4D, attrs)
      integers(prediction).set(result.prediction)
      floats(confidence).set(result.confidence)
      floats(margin).set(result.margin)
      floats(entropy).set(result.entropy)
      return [prediction, confidence, margin, entropy]
    },
  )
}
