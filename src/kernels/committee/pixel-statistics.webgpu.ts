/** Pixel statistics on WebGPU, fused with the upsampling. */
import { dispatch, makeOutput } from '../../gpu/dispatch'
import bilinear from '../upsampling/bilinear.wgsl?raw'
import { webgpuKernel } from '../webgpu-kernel'
import type { PixelStatisticsAttrs } from './pixel-statistics'
import source from './pixel-statistics.wgsl?raw'

const PIXEL_STATISTICS = { label: 'pixel-statistics', source: bilinear + source }

const pixelStatistics = webgpuKernel<'logits', PixelStatisticsAttrs>(
  'PixelStatistics',
  ({ logits }, { height, width }, backend) => {
    const [items, inHeight, inWidth, classes] = logits.shape
    const shape = [items, height, width]
    const prediction = makeOutput(backend, shape, 'int32')
    const [confidence, margin, entropy] = [0, 1, 2].map(() => makeOutput(backend, shape))
    const outputs = [prediction, confidence, margin, entropy]
    dispatch(backend, {
      module: PIXEL_STATISTICS,
      params: { items, inHeight, inWidth, classes, height, width },
      inputs: [logits],
      outputs,
      threads: items * height * width,
    })
    return outputs
  },
)

export const pixelStatisticsKernels = [pixelStatistics]
