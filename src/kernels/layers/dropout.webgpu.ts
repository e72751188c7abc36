/** Counter-based dropout on WebGPU: masks are recomputed, never stored. */
import { dispatch, makeOutput } from '../../gpu/dispatch'
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
    dispatch(backend, {
      module: DROPOUT,
      params: {
        size,
        itemSize: size / x.shape[0],
        channels,
        channelwise: Number(channelwise ?? false),
        prefix: hashWords(seed, layer),
        firstPass,
        threshold: dropThreshold(rate),
        scale: 1 / (1 - rate),
      },
      inputs: [x],
      outputs: [y],
      threads: size,
      isUnique: true,
    })
    return y
  },
)

export const dropoutKernels = [counterDropout]
