import type { Shape4D } from '../convolution/geometry'
import { registerWasmKernel } from '../wasm-kernel'
import type { DepthwiseConv2dGradFilterAttrs, DepthwiseConv2dGradInputAttrs } from './depthwise-convolution'
import {
  depthwiseConv2dGradFilterReference,
  depthwiseConv2dGradInputReference,
} from './depthwise-convolution.reference'

export function registerDepthwiseConvolutionWasm(): void {
  registerWasmKernel<DepthwiseConv2dGradInputAttrs>(
    'DepthwiseConv2dGradInput',
    ({ inputs: { dy, filter }, attrs, allocate, floats }) => {
      const dx = allocate(attrs.inputShape)
      floats(dx).set(
        depthwiseConv2dGradInputReference(floats(dy), attrs.inputShape, floats(filter), filter.shape as Shape4D, attrs),
      )
      return dx
    },
  )
  registerWasmKernel<DepthwiseConv2dGradFilterAttrs>(
    'DepthwiseConv2dGradFilter',
    ({ inputs: { x, dy }, attrs, allocate, floats }) => {
      const dfilter = allocate(attrs.filterShape)
      floats(dfilter).set(
        depthwiseConv2dGradFilterReference(floats(x), x.shape as Shape4D, floats(dy), attrs.filterShape, attrs),
      )
      return dfilter
    },
  )
}
