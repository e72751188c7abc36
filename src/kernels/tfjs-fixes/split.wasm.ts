import * as tf from '@tensorflow/tfjs-core'
import { wasmKernel } from '../wasm-kernel'

/**
 * Replaces tfjs's own 'SplitV' of the WASM backend, which slices every part in JavaScript. The gradient of a concatenation
 * along the channels is such a split.
 */
const splitV = wasmKernel<{ numOrSizeSplits: number | number[]; axis: number }>(
  'SplitV',
  ({ inputs: { x }, attrs, allocate, pointer, parallel }) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, x.shape)
    const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, attrs.numOrSizeSplits, axis)
    const product = (extents: number[]) => extents.reduce((size, extent) => size * extent, 1)
    const runs = product(x.shape.slice(0, axis))
    const elementBytes = (x.dtype === 'bool' ? 1 : 4) * product(x.shape.slice(axis + 1))
    let source = pointer(x)
    return sizes.map((size) => {
      const shape = x.shape.map((extent, i) => (i === axis ? size : extent))
      const part = allocate(shape, x.dtype as 'float32' | 'int32')
      const bytes = size * elementBytes
      const grain = Math.ceil(65536 / Math.max(bytes, 1))
      parallel('copyRuns', runs, grain, source, pointer(part), elementBytes * x.shape[axis], bytes, bytes)
      source += bytes
      return part
    })
  },
)

export const splitKernels = [splitV]
