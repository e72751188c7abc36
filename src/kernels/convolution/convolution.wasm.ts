import { gradientOutput } from '../arena/destinations'
import { registerWasmKernel } from '../wasm-kernel'
import type { Conv2dGradFilterAttrs } from './convolution'

export function registerConvolutionWasm(): void {
  registerWasmKernel<Conv2dGradFilterAttrs>(
    'Conv2dGradFilter',
    ({ inputs: { x, dy, filter }, attrs, backend, pointer, scratch, assembly }) => {
      const [kh, kw, inputs, outputs] = attrs.filterShape
      const dfilter = gradientOutput(backend, filter, attrs.filterShape)
      const sizes = [...x.shape, dy.shape[1], dy.shape[2], outputs, kh, kw, attrs.stride, attrs.padding, attrs.dilation]
      const panels = scratch(4 * assembly.conv2dGradFilterScratch(inputs, outputs))
      assembly.conv2dGradFilter(pointer(x), pointer(dy), pointer(dfilter), ...sizes, panels)
      return dfilter
    },
  )
}
