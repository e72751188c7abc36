import * as tf from '@tensorflow/tfjs'
import { gradientOutput } from '../arena/destinations'
import { explicitPadding } from '../convolution/convolution'
import { registerWasmKernel, type WasmCall } from '../wasm-kernel'
import type { DepthwiseConv2dGradFilterAttrs, DepthwiseConv2dGradInputAttrs } from './depthwise-convolution'

export function registerDepthwiseConvolutionWasm(): void {
  registerWasmKernel<DepthwiseConv2dGradInputAttrs>('DepthwiseConv2dGradInput', (call) => {
    const { attrs, pointer, assembly } = call
    const { dy, filter } = call.inputs
    const [kh, kw] = filter.shape
    const padding = attrs.dilation * (kh - 1) - attrs.padding
    if (attrs.stride === 1 && kh === kw && padding >= 0) return convolveRotated(call, padding)
    const dx = call.allocate(attrs.inputShape)
    const sizes = [...attrs.inputShape, dy.shape[1], dy.shape[2], kh, kw, attrs.stride, attrs.padding, attrs.dilation]
    assembly.depthwiseGradInput(pointer(dy), pointer(filter), pointer(dx), ...sizes, call.scratch(8 * kh * kw))
    return dx
  })
  registerWasmKernel<DepthwiseConv2dGradFilterAttrs>('DepthwiseConv2dGradFilter', (call) => {
    const { attrs, pointer, assembly } = call
    const { x, dy, filter } = call.inputs
    const [kh, kw, channels] = attrs.filterShape
    const dfilter = gradientOutput(call.backend, filter, attrs.filterShape)
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

/** The gradient of stride 1 as a forward convolution with the rotated filter, which tfjs runs on every thread. */
function convolveRotated(
  { inputs, attrs, backend }: WasmCall<DepthwiseConv2dGradInputAttrs>,
  padding: number,
): tf.TensorInfo {
  const run = (name: string, tensors: tf.NamedTensorInfoMap, options: object) =>
    tf
      .getKernel(name, 'wasm')
      .kernelFunc({ inputs: tensors, attrs: options as tf.NamedAttrMap, backend }) as tf.TensorInfo
  const rotated = run('Reverse', { x: inputs.filter }, { dims: [0, 1] })
  const dilations = [attrs.dilation, attrs.dilation]
  const dx = run(
    'DepthwiseConv2dNative',
    { x: inputs.dy, filter: rotated },
    { strides: [1, 1], pad: explicitPadding(padding), dataFormat: 'NHWC', dilations },
  )
  backend.disposeData(rotated.dataId)
  return dx
}
