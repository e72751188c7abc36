import type * as tf from '@tensorflow/tfjs-core'
import { gradientOutput } from '../arena/destinations'
import { replacingWasmKernel, type WasmCall, wasmKernel } from '../wasm-kernel'
import type { DepthwiseConv2dGradFilterAttrs, DepthwiseConv2dGradInputAttrs } from './depthwise-convolution'
import { readTfjsConvolution, type TfjsConvolutionAttrs } from './tfjs-attributes'

/** Room in the workspace's list of taps. */
const MAX_TAPS = 4096

/** Rows are summed in at most this many chunks, whatever the number of threads. */
const CHUNKS = 16

/** Rows of a map that a thread takes at a time: some 64 KiB. */
const grainOf = (width: number, channels: number) => Math.ceil(2 ** 14 / (width * channels))

/** Depthwise convolutions as tfjs has them, apart from rare ones, which are left to tfjs (null). */
function convolve({
  inputs,
  attrs,
  allocate,
  pointer,
  parallel,
}: WasmCall<TfjsConvolutionAttrs>): tf.TensorInfo | null {
  const { x, filter, bias } = inputs
  const [kh, kw] = filter.shape
  const convolution = readTfjsConvolution(inputs, attrs, true)
  if (!convolution || kh * kw > MAX_TAPS) return null
  const { outShape, stride, top, left, dilation, floor, ceiling } = convolution
  const [batch, outHeight, outWidth, channels] = outShape
  const y = allocate(outShape)
  const addresses = [pointer(x), pointer(filter), bias ? pointer(bias) : 0, pointer(y)]
  const sizes = [x.shape[1], x.shape[2], channels, outHeight, outWidth, kh, kw, stride, top, left, dilation, 0]
  const grain = grainOf(outWidth, channels)
  parallel('depthwiseConvolve', batch * outHeight, grain, ...addresses, ...sizes, floor, ceiling)
  return y
}

function gradInput({ inputs, attrs, allocate, pointer, parallel }: WasmCall<DepthwiseConv2dGradInputAttrs>) {
  const { dy, filter } = inputs
  const [kh, kw] = filter.shape
  const [batch, height, width, channels] = attrs.inputShape
  const { stride, padding, dilation } = attrs
  const dx = allocate(attrs.inputShape)
  const [outHeight, outWidth] = [dy.shape[1], dy.shape[2]]
  const grain = grainOf(width, channels)
  if (stride === 1) {
    // A convolution of dy with the rotated filter.
    const edges = [dilation * (kh - 1) - padding, dilation * (kw - 1) - padding, dilation, 1]
    const sizes = [outHeight, outWidth, channels, height, width, kh, kw, 1, ...edges]
    const range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    const addresses = [pointer(dy), pointer(filter), 0, pointer(dx)]
    parallel('depthwiseConvolve', batch * height, grain, ...addresses, ...sizes, ...range)
    return dx
  }
  const sizes = [height, width, channels, outHeight, outWidth, kh, kw, stride, padding, dilation]
  parallel('depthwiseGradInput', batch * height, grain, pointer(dy), pointer(filter), pointer(dx), ...sizes)
  return dx
}

function gradFilter(call: WasmCall<DepthwiseConv2dGradFilterAttrs>) {
  const { attrs, pointer } = call
  const { x, dy, filter } = call.inputs
  const [kh, kw, channels] = attrs.filterShape
  const dfilter = gradientOutput(call.backend, filter, attrs.filterShape)
  const rows = dy.shape[0] * dy.shape[1]
  const chunkRows = Math.ceil(rows / CHUNKS)
  const chunks = Math.ceil(rows / chunkRows)
  const cells = kh * kw * channels
  const partials = call.scratch(8 * cells * chunks)
  const sizes = [...x.shape, dy.shape[1], dy.shape[2], kh, kw, attrs.stride, attrs.padding, attrs.dilation]
  call.parallel('depthwiseGradFilter', chunks, 1, pointer(x), pointer(dy), partials, ...sizes, chunkRows)
  call.assembly.depthwiseGradFilterTotal(partials, pointer(dfilter), cells, chunks)
  return dfilter
}

export const depthwiseConvolutionKernels = [
  replacingWasmKernel<TfjsConvolutionAttrs>('DepthwiseConv2dNative', convolve),
  replacingWasmKernel<TfjsConvolutionAttrs>('FusedDepthwiseConv2D', convolve),
  wasmKernel<DepthwiseConv2dGradInputAttrs>('DepthwiseConv2dGradInput', gradInput),
  wasmKernel<DepthwiseConv2dGradFilterAttrs>('DepthwiseConv2dGradFilter', gradFilter),
]
