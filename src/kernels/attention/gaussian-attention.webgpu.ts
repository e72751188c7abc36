/** Regional Gaussian attention on WebGPU: along the rows, then along the columns, without leaving the GPU. */
import { dispatch, makeOutput, release } from '../../gpu/dispatch'
import { webgpuKernel } from '../webgpu-kernel'
import source from './gaussian-attention.wgsl?raw'

const FILTER = { label: 'gaussian-attention', source }

/** Neighbours along the axis that one thread sums: the module's OUTPUTS. */
const OUTPUTS = 8

const gaussianAttention = webgpuKernel<'map' | 'a'>('GaussianAttention', ({ map, a }, _, backend) => {
  const [height, width] = map.shape
  const [window] = a.shape
  const horizontal = makeOutput(backend, map.shape)
  const outputs = [makeOutput(backend, map.shape)]
  const along = (length: number, spacing: number) => {
    const chunks = Math.ceil(length / OUTPUTS)
    const threads = ((height * width) / length) * chunks
    return { module: FILTER, params: { threads, length, spacing, window, chunks }, threads }
  }
  dispatch(backend, { ...along(width, 1), inputs: [map, a], outputs: [horizontal] })
  dispatch(backend, { ...along(height, width), inputs: [horizontal, a], outputs })
  release(backend, horizontal)
  return outputs[0]
})

export const gaussianAttentionKernels = [gaussianAttention]
