/** Gradients of the depthwise convolution on WebGPU, for every stride, padding and dilation. */
import { columnSums } from '../../gpu/column-sums'
import { occupancy } from '../../gpu/device'
import { dispatch, makeOutput, release } from '../../gpu/dispatch'
import { vectorized, vectorWidth } from '../../gpu/vector'
import { gradientOutput } from '../arena/destinations'
import { webgpuKernel } from '../webgpu-kernel'
import gradFilter from './depthwise-conv2d-grad-filter.wgsl?raw'
import gradInput from './depthwise-conv2d-grad-input.wgsl?raw'
import type { DepthwiseConv2dGradFilterAttrs, DepthwiseConv2dGradInputAttrs } from './depthwise-convolution'

const GRAD_INPUT = vectorized('depthwise-conv2d-grad-input', gradInput)
const GRAD_FILTER = vectorized('depthwise-conv2d-grad-filter', gradFilter)

/** Invocations that fill a GPU. */
const INVOCATIONS = 65536

const depthwiseConv2dGradInput = webgpuKernel<'dy' | 'filter', DepthwiseConv2dGradInputAttrs>(
  'DepthwiseConv2dGradInput',
  ({ dy, filter }, { inputShape, stride, padding, dilation }, backend) => {
    const [batch, height, width, channels] = inputShape
    const [, outHeight, outWidth] = dy.shape
    const [kernelHeight, kernelWidth] = filter.shape
    const dx = makeOutput(backend, inputShape)
    const vector = vectorWidth(channels)
    const size = (batch * height * width * channels) / vector
    dispatch(backend, {
      module: GRAD_INPUT[vector],
      constants: { STRIDE: stride, KERNEL_HEIGHT: kernelHeight, KERNEL_WIDTH: kernelWidth },
      params: { size, height, width, channels: channels / vector, outHeight, outWidth, padding, dilation },
      inputs: [dy, filter],
      outputs: [dx],
      threads: size,
    })
    return dx
  },
)

const depthwiseConv2dGradFilter = webgpuKernel<'x' | 'dy' | 'filter', DepthwiseConv2dGradFilterAttrs>(
  'DepthwiseConv2dGradFilter',
  ({ x, dy, filter }, { filterShape, stride, padding, dilation }, backend) => {
    const [batch, height, width, channels] = x.shape
    const [, outHeight, outWidth] = dy.shape
    const [kernelHeight, kernelWidth] = filterShape
    const rows = batch * outHeight
    const vector = vectorWidth(channels)
    const columns = kernelHeight * kernelWidth * channels
    const splits = Math.min(rows, Math.max(1, Math.ceil((occupancy(backend.device, INVOCATIONS) * vector) / columns)))
    const partials = makeOutput(backend, [splits, columns])
    const sizes = { height, width, channels: channels / vector, outHeight, outWidth }
    const taps = kernelHeight * kernelWidth
    dispatch(backend, {
      module: GRAD_FILTER[vector],
      params: { splits, rows, ...sizes, taps, kernelWidth, stride, padding, dilation },
      inputs: [x, dy],
      outputs: [partials],
      threads: (splits * columns) / vector,
    })
    const dfilter = columnSums(backend, partials, filterShape, gradientOutput(backend, filter, filterShape))
    release(backend, partials)
    return dfilter
  },
)

export const depthwiseConvolutionKernels = [depthwiseConv2dGradInput, depthwiseConv2dGradFilter]
