import type * as tf from '@tensorflow/tfjs-core'
import { gradientOutput } from '../arena/destinations'
import { replacingWasmKernel, type WasmCall, wasmKernel } from '../wasm-kernel'
import type { Conv2dGradFilterAttrs, Conv2dGradInputAttrs } from './convolution'
import { readTfjsConvolution, type TfjsConvolutionAttrs } from './tfjs-attributes'

/** Output pixels of a unit of work, as in `convolution.as.ts`. */
const BLOCK = 48

/** Room in the table of a block, and in its row of zeros. */
const MAX_TAPS = 400
const MAX_CHANNELS = 8192

/** The filter gradient's groups of channels, as in `convolution-grad-filter.as.ts`, and the least pixels of a chunk. */
const INPUT_GROUP = 64
const OUTPUT_GROUP = 128
const CHUNK = 1024

const productOf = (extents: number[]) => extents.reduce((size, extent) => size * extent, 1)

/** Convolutions as tfjs has them, apart from rare ones, which are left to tfjs (null). */
function convolve(call: WasmCall<TfjsConvolutionAttrs>): tf.TensorInfo | null {
  const { inputs, allocate, pointer, scratch, parallel } = call
  const { x, filter, bias } = inputs
  const [kh, kw, channels, outputs] = filter.shape
  const convolution = readTfjsConvolution(inputs, call.attrs, false)
  if (!convolution || kh * kw > MAX_TAPS || channels > MAX_CHANNELS) return null
  const { outShape, stride, top, left, dilation, isClamped, floor, ceiling } = convolution
  const groups = Math.ceil(outputs / 8)
  const rows = kh * kw * channels
  const panels = scratch(32 * groups * rows)
  parallel('packFilter', groups, Math.ceil(4096 / rows), pointer(filter), panels, rows, outputs)
  const y = allocate(outShape)
  const addresses = [pointer(x), panels, bias ? pointer(bias) : 0, pointer(y)]
  const sizes = [...x.shape, outShape[1], outShape[2], outputs, kh, kw]
  const blocks = Math.ceil(productOf(outShape.slice(0, 3)) / BLOCK)
  const walk = [stride, top, left, dilation, Number(isClamped), floor, ceiling]
  parallel('convolve', blocks, 1, ...addresses, ...sizes, ...walk)
  return y
}

function gradInput({ inputs, attrs, allocate, pointer, scratch, parallel }: WasmCall<Conv2dGradInputAttrs>) {
  const { dy, filter } = inputs
  const [kh, kw, channels, outputs] = filter.shape
  const groups = Math.ceil(channels / 8)
  const rows = kh * kw * outputs
  const panels = scratch(32 * groups * rows)
  const packed = [pointer(filter), panels, kh * kw, channels, outputs]
  parallel('packTransposedFilter', groups, Math.ceil(2048 / rows), ...packed)
  const dx = allocate(attrs.inputShape)
  const sizes = [...attrs.inputShape, dy.shape[1], dy.shape[2], outputs, kh, kw]
  const walk = [attrs.stride, attrs.padding, attrs.dilation]
  const blocks = Math.ceil(productOf(attrs.inputShape.slice(0, 3)) / BLOCK)
  parallel('convolveBack', blocks, 1, pointer(dy), panels, pointer(dx), ...sizes, ...walk)
  return dx
}

function gradFilter({ inputs, attrs, backend, pointer, scratch, parallel }: WasmCall<Conv2dGradFilterAttrs>) {
  const { x, dy, filter } = inputs
  const [kh, kw, channels, outputs] = attrs.filterShape
  const dfilter = gradientOutput(backend, filter, attrs.filterShape)
  const pixels = productOf(dy.shape.slice(0, 3))
  const groups = Math.ceil(channels / INPUT_GROUP) * Math.ceil(outputs / OUTPUT_GROUP)
  // Enough units for every thread; the numbers come from the shape alone, and so do the sums.
  const wanted = Math.max(1, Math.min(Math.ceil(16 / groups), Math.floor(pixels / CHUNK)))
  const chunkPixels = 256 * Math.ceil(pixels / wanted / 256)
  const chunks = Math.ceil(pixels / chunkPixels)
  const size = productOf(attrs.filterShape)
  const partials = chunks === 1 ? pointer(dfilter) : scratch(4 * size * chunks)
  const sizes = [...x.shape, dy.shape[1], dy.shape[2], outputs, kh, kw, attrs.stride, attrs.padding, attrs.dilation]
  parallel('conv2dGradFilter', chunks * groups, 1, pointer(x), pointer(dy), partials, ...sizes, chunkPixels)
  if (chunks > 1) parallel('sumChunks', size, 4096, partials, pointer(dfilter), size, chunks)
  return dfilter
}

export const convolutionKernels = [
  replacingWasmKernel<TfjsConvolutionAttrs>('Conv2D', convolve),
  replacingWasmKernel<TfjsConvolutionAttrs>('FusedConv2D', convolve),
  wasmKernel<Conv2dGradInputAttrs>('Conv2dGradInput', gradInput),
  wasmKernel<Conv2dGradFilterAttrs>('Conv2dGradFilter', gradFilter),
]
