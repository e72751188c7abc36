/** Gradients of the depthwise convolution on WebGPU, for every stride, padding and dilation. */
import { columnSums } from '../../gpu/column-sums'
import { dispatch, makeOutput, release, u32 } from '../../gpu/dispatch'
import { webgpuKernel } from '../../gpu/kernel'
import gradFilter from './depthwise-conv2d-grad-filter.wgsl?raw'
import gradInput from './depthwise-conv2d-grad-input.wgsl?raw'
import type { DepthwiseConv2dGradFilterAttrs, DepthwiseConv2dGradInputAttrs } from './depthwise-convolution'

const GRAD_INPUT = { label: 'depthwise-conv2d-grad-input', source: gradInput }
const GRAD_FILTER = { label: 'depthwise-conv2d-grad-filter', source: gradFilter }

/** Invocations that fill a GPU. */
const INVOCATIONS = 65536

const depthwiseConv2dGradInput = webgpuKernel<'dy' | 'filter', DepthwiseConv2dGradInputAttrs>(
  'DepthwiseConv2dGradInput',
  ({ dy, filter }, { inputShape, stride, padding, dilation }, backend) => {
    const [batch, height, width, channels] = inputShape
    const [, outHeight, outWidth] = dy.shape
    const [kernelHeight, kernelWidth] = filter.shape
    const dx = makeOutput(backend, inputShape)
    const size = batch * height * width * channels
    const geometry = [
      height,
      width,
      channels,
      outHeight,
      outWidth,
      kernelHeight,
      kernelWidth,
      stride,
      padding,
      dilation,
    ]
    const params = u32(size, ...geometry)
    dispatch(backend, { module: GRAD_INPUT, params, inputs: [dy, filter], outputs: [dx], threads: size })
    return dx
  },
)

const depthwiseConv2dGradFilter = webgpuKernel<'x' | 'dy', DepthwiseConv2dGradFilterAttrs>(
  'DepthwiseConv2dGradFilter',
  ({ x, dy }, { filterShape, stride, padding, dilation }, backend) => {
    const [batch, height, width, channels] = x.shape
    const [, outHeight, outWidth] = dy.shape
    const [kernelHeight, kernelWidth] = filterShape
    const rows = batch * outHeight
    const columns = kernelHeight * kernelWidth * channels
    const splits = Math.min(rows, Math.max(1, Math.ceil(INVOCATIONS / columns)))
    const partials = makeOutput(backend, [splits, columns])
    const geometry = [height, width, channels, outHeight, outWidth, kernelHeight * kernelWidth, kernelWidth]
    dispatch(backend, {
      module: GRAD_FILTER,
      params: u32(splits, rows, ...geometry, stride, padding, dilation),
      inputs: [x, dy],
      outputs: [partials],
      threads: splits * columns,
    })
    const dfilter = columnSums(backend, partials, filterShape)
    release(backend, partials)
    return dfilter
  },
)

export const depthwiseConvolutionKernels = [depthwiseConv2dGradInput, depthwiseConv2dGradFilter]
