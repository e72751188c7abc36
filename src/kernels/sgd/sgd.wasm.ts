import { tfjsModule } from '../wasm-assembly'
import { registerWasmKernel } from '../wasm-kernel'
import type { SgdOptions } from './sgd.reference'

export function registerSgdWasm(): void {
  registerWasmKernel<SgdOptions>(
    'SgdStep',
    ({ inputs: { parameter, gradient, velocity }, attrs, backend, pointer, assembly }) => {
      const count = parameter.shape.reduce((product, extent) => product * extent, 1)
      const addresses = [parameter, gradient, velocity].map(pointer)
      assembly.sgdStep(...addresses, count, attrs.learningRate, attrs.momentum, attrs.weightDecay)
      // tfjs keeps, per filter tensor, an XNNPACK operator with a packed copy of the weights: make it forget the old ones.
      const { id, memoryOffset } = backend.dataIdMap.get(parameter.dataId)
      tfjsModule(backend).tfjs.disposeData(id)
      tfjsModule(backend).tfjs.registerTensor(id, count, memoryOffset)
      return []
    },
  )
}
