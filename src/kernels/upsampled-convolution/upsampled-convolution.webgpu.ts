/** Convolutions of upsampled maps on WebGPU: one kernel reads the small map and writes the large result. */
import { dispatch, f32, makeOutput, u32 } from '../../gpu/dispatch'
import { webgpuKernel } from '../../gpu/kernel'
import { hashWords } from '../../math/random'
import { dropThreshold } from '../dropout/dropout.reference'
import type { UpsampledDepthwiseAttrs, UpsampledTapsAttrs } from './upsampled-convolution'
import depthwiseSource from './upsampled-depthwise.wgsl?raw'
import tapsSource from './upsampled-taps.wgsl?raw'

const DEPTHWISE = { label: 'upsampled-depthwise', source: depthwiseSource }
const TAPS = { label: 'upsampled-taps', source: tapsSource }

const upsampledDepthwise = webgpuKernel<'z' | 'filter' | 'bias', UpsampledDepthwiseAttrs>(
  'UpsampledDepthwise',
  ({ z, filter, bias }, { height, width }, backend) => {
    const [items, h, w, channels] = z.shape
    const y = makeOutput(backend, [items, height, width, channels])
    dispatch(backend, {
      module: DEPTHWISE,
      params: u32(items, h, w, height, width, channels / 4),
      inputs: [z, filter, bias],
      outputs: [y],
      threads: (height * width * channels) / 4,
    })
    return y
  },
)

const upsampledTaps = webgpuKernel<'taps' | 'shared', UpsampledTapsAttrs>(
  'UpsampledTaps',
  ({ taps, shared }, { rate, seed, layer, firstPass }, backend) => {
    const [items, h, w] = taps.shape
    const [sharedItems, height, width, channels] = shared.shape
    const itemSize = (height * width * channels) / 4
    const y = makeOutput(backend, [items, height, width, channels])
    const sizes = [items, h, w, height, width, channels / 4, sharedItems * itemSize]
    dispatch(backend, {
      module: TAPS,
      params: [...u32(...sizes, hashWords(seed, layer), firstPass, dropThreshold(rate)), ...f32(1 / (1 - rate))],
      inputs: [taps, shared],
      outputs: [y],
      threads: items * itemSize,
      isUnique: true,
    })
    return y
  },
)

export const upsampledConvolutionKernels = [upsampledDepthwise, upsampledTaps]
