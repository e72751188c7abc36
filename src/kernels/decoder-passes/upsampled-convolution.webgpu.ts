/** Convolutions of upsampled maps on WebGPU: one kernel reads the small map and writes the large result. */
import { dispatch } from '../../gpu/dispatch'
import { makeMap, withPrecisions } from '../../gpu/precision'
import { hashWords } from '../../math/random'
import { dropThreshold } from '../layers/dropout.reference'
import hash32 from '../layers/hash32.wgsl?raw'
import bilinear from '../upsampling/bilinear.wgsl?raw'
import { webgpuKernel } from '../webgpu-kernel'
import type { UpsampledDepthwiseAttrs, UpsampledTapsAttrs } from './upsampled-convolution'
import depthwiseSource from './upsampled-depthwise.wgsl?raw'
import tapsSource from './upsampled-taps.wgsl?raw'

const DEPTHWISE = { label: 'upsampled-depthwise', source: depthwiseSource }
const TAPS = { label: 'upsampled-taps', source: bilinear + hash32 + tapsSource }

const upsampledDepthwise = webgpuKernel<'z' | 'filter' | 'bias', UpsampledDepthwiseAttrs>(
  'UpsampledDepthwise',
  ({ z, filter, bias }, { height, width, precision }, backend) => {
    const [items, inHeight, inWidth, channels] = z.shape
    const y = makeMap(backend, [items, height, width, channels], precision)
    dispatch(backend, {
      module: withPrecisions(DEPTHWISE, { Output: precision }, backend.device),
      params: { items, inHeight, inWidth, height, width, channels: channels / 4 },
      inputs: [z, filter, bias],
      outputs: [y],
      threads: (height * width * channels) / 4,
    })
    return y
  },
)

const upsampledTaps = webgpuKernel<'taps' | 'shared', UpsampledTapsAttrs>(
  'UpsampledTaps',
  ({ taps, shared }, { rate, seed, layer, firstPass, precision }, backend) => {
    const [items, inHeight, inWidth] = taps.shape
    const [sharedItems, height, width, channels] = shared.shape
    const itemSize = (height * width * channels) / 4
    const y = makeMap(backend, [items, height, width, channels], precision)
    dispatch(backend, {
      module: withPrecisions(TAPS, { Output: precision }, backend.device),
      params: {
        items,
        inHeight,
        inWidth,
        height,
        width,
        channels: channels / 4,
        sharedSize: sharedItems * itemSize,
        prefix: hashWords(seed, layer),
        firstPass,
        threshold: dropThreshold(rate),
        scale: 1 / (1 - rate),
      },
      inputs: [taps, shared],
      outputs: [y],
      threads: items * itemSize,
      isUnique: true,
    })
    return y
  },
)

export const upsampledConvolutionKernels = [upsampledDepthwise, upsampledTaps]
