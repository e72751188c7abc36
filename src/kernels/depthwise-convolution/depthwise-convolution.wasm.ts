import { registerWasmKernel } from '../wasm-kernel'
import type { DepthwiseConv2dGradFilterAttrs, DepthwiseConv2dGradInputAttrs } from './depthwise-convolution'

export function registerDepthwiseConvolutionWasm(): void {
  registerWasmKernel<DepthwiseConv2dGradInputAttrs>('DepthwiseConv2dGradInput', (call) => {
    const { attrs, pointer, assembly } = call
    const { dy, filter } = call.inputs
    const [kh, kw] = filter.shape
    const dx = call.allocate(attrs.inputShape)
    const sizes = [...attrs.inputShape, dy.shape[1], dy.shape[2], kh, kw, attrs.stride, attrs.padding, attrs.dilation]
    assembly.depthwiseGradInput(pointer(dy), pointer(filter), pointer(dx), ...sizes, call.scratch(8 * kh * kw))
    return dx
  })
  registerWasmKernel<DepthwiseConv2dGradFilterAttrs>('DepthwiseConv2dGradFilter', (call) => {
    const { attrs, pointer, assembly } = call
    const { x, dy } = call.inputs
    const [kh, kw, channels] = attrs.filterShape
    const dfilter = call.allocate(attrs.filterShape)
    const sizes = [...x.shape, dy.shape[1], dy.shape[2], kh, kw, attrs.stride, attrs.padding, attrs.dilation]
    assembly.depthwiseGradFilter(
      pointer(x),
      pointer(dy),
      pointer(dfilter),
      ...sizes,
      call.scratch(8 * kh * kw * channels),
    )
    return dfilter
  })
}
