/** Regional Gaussian attention on WebGPU: along the rows, then along the columns, without leaving the GPU. */
import { dispatch, makeOutput, release, u32 } from '../../gpu/dispatch'
import { webgpuKernel } from '../../gpu/kernel'
import source from './gaussian-attention.wgsl?raw'

const FILTER = { label: 'gaussian-attention', source }

const gaussianAttention = webgpuKernel<'map' | 'a'>('GaussianAttention', ({ map, a }, _, backend) => {
  const [height, width] = map.shape
  const size = height * width
  const [window] = a.shape
  const horizontal = makeOutput(backend, map.shape)
  const outputs = [makeOutput(backend, map.shape)]
  const alongRows = u32(size, width, 1, window)
  dispatch(backend, { module: FILTER, params: alongRows, inputs: [map, a], outputs: [horizontal], threads: size })
  const alongColumns = u32(size, height, width, window)
  dispatch(backend, { module: FILTER, params: alongColumns, inputs: [horizontal, a], outputs, threads: size })
  release(backend, horizontal)
  return outputs[0]
})

export const gaussianAttentionKernels = [gaussianAttention]
