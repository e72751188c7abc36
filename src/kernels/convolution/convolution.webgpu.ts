/** The dense convolution and its gradients on WebGPU, for every stride, padding and dilation. */
import * as tf from '@tensorflow/tfjs-core'
import { columnSums } from '../../gpu/column-sums'
import { isSoftware, occupancy } from '../../gpu/device'
import { dispatch, makeOutput, release } from '../../gpu/dispatch'
import type { Activation } from '../activation'
import { gradientOutput } from '../arena/destinations'
import { replacingWebgpuKernel, webgpuKernel } from '../webgpu-kernel'
import gradFilter from './conv2d-grad-filter.wgsl?raw'
import gradFilterVec4 from './conv2d-grad-filter-vec4.wgsl?raw'
import type { Conv2dGradFilterAttrs, Conv2dGradInputAttrs } from './convolution'
import { type DenseConvolution, denseConvolution } from './dense-convolution.webgpu'
import type { Shape4D } from './geometry'
import { sharedGradInput } from './shared-grad-input.webgpu'

const GRAD_FILTER = { label: 'conv2d-grad-filter', source: gradFilter }
const GRAD_FILTER_VEC4 = { label: 'conv2d-grad-filter-vec4', source: gradFilterVec4 }

/** Invocations that fill a GPU, and floats of partial sums that are not worth more of them. */
const INVOCATIONS = 131072
const PARTIALS = 1 << 23

/** tfjs' names of the activations that our kernels apply. */
const ACTIVATIONS: Partial<Record<string, Activation>> = { linear: 'none', relu: 'relu', relu6: 'relu6' }

function forward(x: tf.TensorInfo, filter: tf.TensorInfo, attrs: tf.Conv2DAttrs): DenseConvolution {
  const { strides, dilations, pad, dimRoundingMode } = attrs
  const shapes = [x.shape as Shape4D, filter.shape as Shape4D] as const
  const info = tf.backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, dimRoundingMode)
  return {
    x,
    filter,
    shape: info.outShape as Shape4D,
    stride: [info.strideHeight, info.strideWidth],
    padding: [info.padInfo.top, info.padInfo.left],
    dilation: [info.dilationHeight, info.dilationWidth],
  }
}

// tfjs' own kernels tile through shared memory: right for a graphics card, many times too slow on a software adapter.

const conv2d = replacingWebgpuKernel<'x' | 'filter', tf.Conv2DAttrs>(
  'Conv2D',
  (_, { dataFormat }, { device }) => dataFormat === 'NHWC' && isSoftware(device),
  ({ x, filter }, attrs, backend) => denseConvolution(backend, forward(x, filter, attrs)),
)

const fusedConv2d = replacingWebgpuKernel<'x' | 'filter' | 'bias', tf.FusedConv2DAttrs>(
  'FusedConv2D',
  ({ bias }, { dataFormat, activation }, { device }) =>
    dataFormat === 'NHWC' && activation in ACTIVATIONS && (!bias || bias.shape.length === 1) && isSoftware(device),
  ({ x, filter, bias }, attrs, backend) =>
    denseConvolution(backend, { ...forward(x, filter, attrs), bias, activation: ACTIVATIONS[attrs.activation] }),
)

const conv2dGradFilter = webgpuKernel<'x' | 'dy' | 'filter', Conv2dGradFilterAttrs>(
  'Conv2dGradFilter',
  ({ x, dy, filter }, { filterShape, stride, padding, dilation }, backend) => {
    const [batch, height, width, inputs] = x.shape
    const [, outHeight, outWidth, outputs] = dy.shape
    const [kernelHeight, kernelWidth] = filterShape
    const taps = kernelHeight * kernelWidth
    const rows = batch * outHeight
    const columns = taps * inputs * outputs
    const tiles = taps * Math.ceil(inputs / 4) * Math.ceil(outputs / 4)
    const wanted = Math.min(Math.ceil(occupancy(backend.device, INVOCATIONS) / tiles), Math.floor(PARTIALS / columns))
    const splits = Math.min(rows, Math.max(1, wanted))
    const dfilter = gradientOutput(backend, filter, filterShape)
    const partials = splits === 1 ? dfilter : makeOutput(backend, [splits, columns])
    const sizes = { height, width, inputs, outHeight, outWidth, outputs }
    dispatch(backend, {
      module: inputs % 4 === 0 && outputs % 4 === 0 ? GRAD_FILTER_VEC4 : GRAD_FILTER,
      params: { splits, rows, ...sizes, taps, kernelWidth, stride, padding, dilation },
      inputs: [x, dy],
      outputs: [partials],
      threads: splits * tiles,
    })
    if (splits === 1) return dfilter
    columnSums(backend, partials, filterShape, dfilter)
    release(backend, partials)
    return dfilter
  },
)

/** Turned filters are square, and no padding is larger than what a turned one reaches over. */
function sharesMemory(filter: tf.TensorInfo, { stride, padding, dilation }: Conv2dGradInputAttrs): boolean {
  const [rows, columns] = filter.shape
  return stride === 1 && rows === columns && padding <= dilation * (rows - 1)
}

const conv2dGradInput = webgpuKernel<'dy' | 'filter', Conv2dGradInputAttrs>(
  'Conv2dGradInput',
  ({ dy, filter }, attrs, backend) => {
    const { inputShape, stride, padding, dilation } = attrs
    if (!isSoftware(backend.device) && sharesMemory(filter, attrs)) {
      return sharedGradInput(backend, dy, filter, attrs)
    }
    return denseConvolution(backend, {
      x: dy,
      filter,
      shape: inputShape,
      stride: [stride, stride],
      padding: [padding, padding],
      dilation: [dilation, dilation],
      isTransposed: true,
    })
  },
)

export const convolutionKernels = [conv2d, fusedConv2d, conv2dGradInput, conv2dGradFilter]
