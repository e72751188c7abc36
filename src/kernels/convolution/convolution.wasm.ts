import { registerWasmKernel } from '../wasm-kernel'
import type { Conv2dGradFilterAttrs } from './convolution'
import { conv2dGradFilterReference } from './convolution.reference'
import type { Shape4D } from './geometry'

export function registerConvolutionWasm(): void {
  registerWasmKernel<Conv2dGradFilterAttrs>('Conv2dGradFilter', ({ inputs: { x, dy }, attrs, allocate, floats }) => {
    const dfilter = allocate(attrs.filterShape)
    floats(dfilter).set(conv2dGradFilterReference(floats(x), x.shape as Shape4D, floats(dy), attrs.filterShape, attrs))
    return dfilter
  })
}
