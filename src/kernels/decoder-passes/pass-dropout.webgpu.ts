/** The stochastic step of Monte-Carlo passes on WebGPU: masks are recomputed, shared maps are read once for all passes. */
import { dispatch } from '../../gpu/dispatch'
import { makeMap, precisionOf, withPrecisions } from '../../gpu/precision'
import { hashWords } from '../../math/random'
import { dropThreshold } from '../layers/dropout.reference'
import hash32 from '../layers/hash32.wgsl?raw'
import { webgpuKernel } from '../webgpu-kernel'
import type { PassDropoutAttrs } from './pass-dropout'
import source from './pass-dropout.wgsl?raw'

const PASS_DROPOUT = { label: 'pass-dropout', source: hash32 + source }

/** Stands for "no floor". */
const LOWEST = -3.4028234663852886e38

const passDropout = webgpuKernel<'x' | 'shared', PassDropoutAttrs>('PassDropout', ({ x, shared }, attrs, backend) => {
  const { passes, rate, seed, layer, firstPass, precision } = attrs
  const [, height, width, channels] = x.shape
  const itemSize = (height * width * channels) / 4
  const size = passes * itemSize
  const y = makeMap(backend, [passes, height, width, channels], precision)
  dispatch(backend, {
    module: withPrecisions(PASS_DROPOUT, { Input: precisionOf(x), Output: precision }, backend.device),
    params: {
      size,
      itemSize,
      channels: channels / 4,
      xSize: x.shape[0] * itemSize,
      sharedSize: attrs.hasShared ? shared.shape[0] * itemSize : 0,
      channelwise: Number(attrs.channelwise),
      prefix: hashWords(seed, layer),
      firstPass,
      threshold: dropThreshold(rate),
      scale: 1 / (1 - rate),
      floor: attrs.relu ? 0 : LOWEST,
    },
    inputs: [x, shared],
    outputs: [y],
    threads: size,
    isUnique: true,
  })
  return y
})

export const passDropoutKernels = [passDropout]
