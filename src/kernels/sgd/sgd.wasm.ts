import { registerWasmKernel } from '../wasm-kernel'
import { type SgdOptions, sgdStepReference } from './sgd.reference'

export function registerSgdWasm(): void {
  registerWasmKernel<SgdOptions>('SgdStep', ({ inputs: { parameter, gradient, velocity }, attrs, backend, floats }) => {
    sgdStepReference(floats(parameter), floats(gradient), floats(velocity), attrs)
    // tfjs keeps, per filter tensor, an XNNPACK operator with a packed copy of the weights: make it forget the old ones.
    const { id, memoryOffset } = backend.dataIdMap.get(parameter.dataId)
    backend.wasm.tfjs.disposeData(id)
    backend.wasm.tfjs.registerTensor(id, floats(parameter).length, memoryOffset)
    return []
  })
}
