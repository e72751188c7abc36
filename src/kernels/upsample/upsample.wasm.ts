import type { Shape4D } from '../convolution/geometry'
import { registerWasmKernel } from '../wasm-kernel'
import type { UpsampleGradAttrs } from './upsample'
import { upsampleGradReference } from './upsample.reference'

export function registerUpsampleWasm(): void {
  registerWasmKernel<UpsampleGradAttrs>('UpsampleGrad', ({ inputs: { dy }, attrs, allocate, floats }) => {
    const dx = allocate([dy.shape[0], attrs.height, attrs.width, dy.shape[3]])
    floats(dx).set(upsampleGradReference(floats(dy), dy.shape as Shape4D, attrs))
    return dx
  })
}
