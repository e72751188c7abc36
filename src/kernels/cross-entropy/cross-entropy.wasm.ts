import { registerWasmKernel } from '../wasm-kernel'

/** Bytes of one pixel's padded logits and their maximum. */
const pixelBytes = (classes: number) => 4 * (classes + 8)

export function registerCrossEntropyWasm(): void {
  registerWasmKernel(
    'CrossEntropySums',
    ({ inputs: { logits, labels, weights }, allocate, pointer, scratch, assembly }) => {
      const [items, height, width, classes] = logits.shape
      const sums = allocate([items])
      const addresses = [logits, labels, weights, sums].map(pointer)
      assembly.crossEntropySums(...addresses, items, height * width, classes, scratch(pixelBytes(classes)))
      return sums
    },
  )
  registerWasmKernel('CrossEntropyGrad', ({ inputs, allocate, pointer, scratch, assembly }) => {
    const { logits, labels, weights, dsums } = inputs
    const [items, height, width, classes] = logits.shape
    const dlogits = allocate(logits.shape)
    const addresses = [logits, labels, weights, dsums, dlogits].map(pointer)
    assembly.crossEntropyGrad(...addresses, items, height * width, classes, scratch(pixelBytes(classes)))
    return dlogits
  })
}
