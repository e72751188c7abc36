/** Memory that ran out outside the graphics device: of the WASM heap or of the page. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import type { EngineName } from '../domain/engine'
import { AppError } from '../domain/errors'
import { tfjsModule } from '../kernels/wasm-assembly'

const guarded = new WeakSet<BackendWasm>()

/** tfjs takes address 0 for an answer when its heap is full and would write there: from now on that is an error. */
export function guardWasmMemory(backend: BackendWasm): void {
  if (guarded.has(backend)) return
  guarded.add(backend)
  const module = tfjsModule(backend)
  const allocate = module._malloc.bind(module)
  module._malloc = (bytes) => {
    const address = allocate(bytes)
    if (address === 0 && bytes > 0) throw wasmMemoryError(`${bytes} bytes more were refused`)
    return address
  }
}

/** Bytes that the booted engine holds, free ones of its pool included: on WASM its whole heap. */
export function engineBytes(): number | null {
  const name = tf.getBackend()
  if (name === 'webgpu')
    return (tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU
  if (name !== 'wasm') return null
  const { wasmMemory, asm } = tfjsModule(tf.backend() as BackendWasm)
  return (wasmMemory ?? asm.memory)?.buffer.byteLength ?? null
}

/** The memory error that a thrown value stands for, or null: engines name theirs each in their own way. */
export function memoryFailure(thrown: unknown, engine: EngineName): AppError | null {
  if (thrown instanceof RangeError && /alloc|memory/i.test(thrown.message)) {
    return new AppError('out_of_memory', `The browser gives this page no more memory: ${thrown.message}`, REMEDY, {
      cause: thrown,
    })
  }
  // The heap's end, or the abort of a program that could not make it larger.
  if (engine === 'wasm' && thrown instanceof WebAssembly.RuntimeError) return wasmMemoryError(thrown.message, thrown)
  return null
}

const REMEDY = 'Choose a smaller batch or input size, or close other pages.'

function wasmMemoryError(what: string, cause?: unknown): AppError {
  return new AppError('out_of_memory', `The memory of the WASM engine is full: ${what}.`, REMEDY, { cause })
}
