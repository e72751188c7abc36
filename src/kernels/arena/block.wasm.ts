/** Parts of a block on WASM: addresses inside its allocation. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { tfjsModule } from '../wasm-assembly'
import { wasmKernel } from '../wasm-kernel'
import type { BlockPartAttrs } from './block'

interface PartData {
  id: number
  shape: number[]
  memoryOffset: number
  refCount: number
}

/** The parts of every block by the block's data, on each backend. */
const partsOf = new WeakMap<object, Set<tf.DataId>>()
const isPart = new WeakSet<object>()
const prepared = new WeakSet<BackendWasm>()

const blockPart = wasmKernel<BlockPartAttrs>('BlockPart', ({ inputs: { whole }, attrs, backend, pointer }) => {
  keepFromFreeingParts(backend)
  const part = backend.makeOutput(attrs.shape, 'float32', pointer(whole) + 4 * attrs.offset)
  isPart.add(part.dataId)
  const parts = partsOf.get(whole.dataId) ?? new Set()
  partsOf.set(whole.dataId, parts.add(part.dataId))
  return part
})

const writeBlock = wasmKernel<{ offset: number }>('WriteBlock', ({ inputs: { whole, source }, attrs, backend }) => {
  backend.typedArrayFromHeap(whole).set(backend.typedArrayFromHeap(source), attrs.offset)
  forgetPackedWeights(backend, whole.dataId)
  return []
})

/** A part's memory is its block's: when tfjs disposes of the part, there is nothing to free. */
function keepFromFreeingParts(backend: BackendWasm): void {
  if (prepared.has(backend)) return
  prepared.add(backend)
  const dispose = backend.disposeData.bind(backend)
  backend.disposeData = (dataId: tf.DataId, force = false) => {
    if (isPart.has(dataId) && backend.dataIdMap.has(dataId)) {
      const data = backend.dataIdMap.get(dataId) as PartData
      if (force || data.refCount <= 1) data.memoryOffset = 0
    }
    return dispose(dataId, force)
  }
}

/**
 * tfjs keeps, per filter tensor, an XNNPACK operator with a packed copy of the weights. Makes it forget those of a tensor, and
 * of its parts, whose values were changed in place.
 */
export function forgetPackedWeights(backend: BackendWasm, dataId: tf.DataId): void {
  const { tfjs } = tfjsModule(backend)
  for (const changed of [dataId, ...(partsOf.get(dataId) ?? [])]) {
    if (!backend.dataIdMap.has(changed)) continue
    const { id, shape, memoryOffset } = backend.dataIdMap.get(changed) as PartData
    tfjs.disposeData(id)
    tfjs.registerTensor(id, tf.util.sizeFromShape(shape), memoryOffset)
  }
}

export const blockKernels = [blockPart, writeBlock]
