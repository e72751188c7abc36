import { registerWasmKernel } from '../wasm-kernel'
import { crossEntropyGradReference, crossEntropySumsReference } from './cross-entropy.reference'

export function registerCrossEntropyWasm(): void {
  registerWasmKernel('CrossEntropySums', ({ inputs: { logits, labels, weights }, allocate, floats, integers }) => {
    const [items, , , classes] = logits.shape
    const sums = allocate([items])
    floats(sums).set(crossEntropySumsReference(floats(logits), integers(labels), floats(weights), items, classes))
    return sums
  })
  registerWasmKernel(
    'CrossEntropyGrad',
    ({ inputs: { logits, labels, weights, dsums }, allocate, floats, integers }) => {
      const dlogits = allocate(logits.shape)
      floats(dlogits).set(
        crossEntropyGradReference(floats(logits), integers(labels), floats(weights), floats(dsums), logits.shape[3]),
      )
      return dlogits
    },
  )
}
