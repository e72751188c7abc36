import type * as tf from '@tensorflow/tfjs-core'
import { hashWords } from '../../math/random'
import type { AssemblyKernels } from '../wasm-assembly'
import { wasmKernel } from '../wasm-kernel'
import type { CounterDropoutAttrs } from './dropout'
import { type DropoutOptions, dropThreshold } from './dropout.reference'

/** A map in tfjs's heap. */
interface HeapMap {
  address: number
  items: number
  /** Elements of an item. */
  size: number
  channels: number
}

/** Drops elements of a map into another place, or in place. */
export function dropElements(
  assembly: AssemblyKernels,
  { address, items, size, channels }: HeapMap,
  target: number,
  { rate, seed, layer, firstPass, channelwise = false }: DropoutOptions,
): void {
  for (let n = 0; n < items; n++) {
    const key = hashWords(seed, layer, firstPass + n)
    const offset = 4 * n * size
    const mask = [Number(channelwise), key, dropThreshold(rate), 1 / (1 - rate)] as const
    assembly.dropout(address + offset, target + offset, size, channels, ...mask)
  }
}

export function heapMap(x: tf.TensorInfo, address: number): HeapMap {
  const size = x.shape.slice(1).reduce((product, extent) => product * extent, 1)
  return { address, items: x.shape[0], size, channels: x.shape[x.shape.length - 1] }
}

const counterDropout = wasmKernel<CounterDropoutAttrs>(
  'CounterDropout',
  ({ inputs: { x }, attrs, allocate, pointer, assembly }) => {
    const y = allocate(x.shape)
    dropElements(assembly, heapMap(x, pointer(x)), pointer(y), attrs)
    return y
  },
)

export const dropoutKernels = [counterDropout]
