/** Counter-based dropout on WebGPU: masks are recomputed, never stored. */
import { dispatch, f32, makeOutput, u32 } from '../../gpu/dispatch'
import { hashWords } from '../../math/random'
import { webgpuKernel } from '../webgpu-kernel'
import source from './counter-dropout.wgsl?raw'
import type { CounterDropoutAttrs } from './dropout'
import { dropThreshold } from './dropout.reference'
import hash32 from './hash32.wgsl?raw'

const DROPOUT = { label: 'counter-dropout', source: hash32 + source }

const counterDropout = webgpuKernel<'x', CounterDropoutAttrs>(
  'CounterDropout',
  ({ x }, { rate, seed, layer, firstPass, channelwise }, backend) => {
    const size = x.shape.reduce((product, extent) => product * extent, 1)
    const channels = x.shape[x.shape.length - 1]
    const y = makeOutput(backend, x.shape)
    const mask = [channelwise ? 1 : 0, hashWords(seed, layer), firstPass, dropThreshold(rate)]
    dispatch(backend, {
      module: DROPOUT,
      params: [...u32(size, size / x.shape[0], channels, ...mask), ...f32(1 / (1 - rate))],
      inputs: [x],
      outputs: [y],
      threads: size,
      isUnique: true,
    })
    return y
  },
)

export const dropoutKernels = [counterDropout]
