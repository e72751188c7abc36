import type * as tf from '@tensorflow/tfjs-core'
import { wasmKernel } from '../wasm-kernel'

/** Sizes that both kernels take, and the bytes that they need for every item. */
function geometry(logits: tf.TensorInfo, labels: tf.TensorInfo): { sizes: number[]; bytes: number } {
  const [items, h, w, classes] = logits.shape
  const [, height, width] = labels.shape
  return { sizes: [h, w, height, width, classes], bytes: items * 4 * (2 * w + 1) * (classes + 3) }
}

const crossEntropySums = wasmKernel('CrossEntropySums', ({ inputs, allocate, pointer, scratch, parallel }) => {
  const { logits, labels, weights } = inputs
  const { sizes, bytes } = geometry(logits, labels)
  const sums = allocate([logits.shape[0]])
  const norms = allocate([...labels.shape, 2])
  const addresses = [logits, labels, weights, sums, norms].map(pointer)
  parallel('crossEntropySums', logits.shape[0], 1, ...addresses, scratch(bytes), ...sizes)
  return [sums, norms]
})

const crossEntropyGrad = wasmKernel('CrossEntropyGrad', ({ inputs, allocate, pointer, scratch, parallel }) => {
  const { logits, labels, weights, norms, dsums } = inputs
  const { sizes, bytes } = geometry(logits, labels)
  const dlogits = allocate(logits.shape)
  const addresses = [logits, labels, weights, norms, dsums, dlogits].map(pointer)
  parallel('crossEntropyGrad', logits.shape[0], 1, ...addresses, scratch(bytes), ...sizes)
  return dlogits
})

export const crossEntropyKernels = [crossEntropySums, crossEntropyGrad]
