import { wasmKernel } from '../wasm-kernel'
import type { UpsampleGradAttrs } from './upsample'

const upsampleGrad = wasmKernel<UpsampleGradAttrs>(
  'UpsampleGrad',
  ({ inputs: { dy }, attrs, allocate, pointer, scratch, assembly }) => {
    const [batch, height, width, channels] = dy.shape
    const dx = allocate([batch, attrs.height, attrs.width, channels])
    const sizes = [batch, attrs.height, attrs.width, height, width, channels]
    assembly.upsampleGrad(pointer(dy), pointer(dx), ...sizes, scratch(4 * attrs.width * channels))
    return dx
  },
)

export const upsampleKernels = [upsampleGrad]
