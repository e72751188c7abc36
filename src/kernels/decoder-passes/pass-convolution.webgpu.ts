/** Convolutions of maps in half precision on WebGPU. */
import { dispatch } from '../../gpu/dispatch'
import { makeMap, precisionOf, withPrecisions } from '../../gpu/precision'
import { unroll } from '../../gpu/unroll'
import { activationRange } from '../activation'
import { webgpuKernel } from '../webgpu-kernel'
import type { PassConvolutionAttrs, PassConvolutionOptions } from './pass-convolution'
import convolutionSource from './pass-convolution.wgsl?raw'
import depthwiseSource from './pass-depthwise.wgsl?raw'

/** The register tile: 64 sums an invocation. */
const PIXELS = 8
const OUTPUTS = 2

const CONVOLUTION = { label: 'pass-convolution', source: unroll(convolutionSource, { p: PIXELS, q: OUTPUTS }) }
const DEPTHWISE = { label: 'pass-depthwise', source: depthwiseSource }

const passConvolution = webgpuKernel<'x' | 'filter' | 'bias', PassConvolutionAttrs>(
  'PassConvolution',
  ({ x, filter, bias }, { activation, precision, hasBias }, backend) => {
    const [items, height, width, inputs] = x.shape
    const [kernel, , , outputs] = filter.shape
    const pixels = items * height * width
    const y = makeMap(backend, [items, height, width, outputs], precision)
    dispatch(backend, {
      module: withPrecisions(CONVOLUTION, { Input: precisionOf(x), Output: precision }, backend.device),
      constants: { PIXELS, OUTPUTS, KERNEL: kernel, BIASED: Number(hasBias) },
      params: { pixels, height, width, inputs: inputs / 4, outputs: outputs / 4, ...activationRange(activation) },
      inputs: [x, filter, bias],
      outputs: [y],
      threads: Math.ceil(pixels / PIXELS) * Math.ceil(outputs / (4 * OUTPUTS)),
    })
    return y
  },
)

const passDepthwise = webgpuKernel<'x' | 'filter' | 'bias', PassConvolutionOptions>(
  'PassDepthwise',
  ({ x, filter, bias }, { activation, precision }, backend) => {
    const [items, height, width, channels] = x.shape
    const size = (items * height * width * channels) / 4
    const y = makeMap(backend, x.shape, precision)
    dispatch(backend, {
      module: withPrecisions(DEPTHWISE, { Input: precisionOf(x), Output: precision }, backend.device),
      params: { size, height, width, channels: channels / 4, ...activationRange(activation) },
      inputs: [x, filter, bias],
      outputs: [y],
      threads: size,
    })
    return y
  },
)

export const passConvolutionKernels = [passConvolution, passDepthwise]
