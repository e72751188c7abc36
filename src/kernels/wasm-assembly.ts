/** The AssemblyScript kernels of `assembly/`, running on the memory of tfjs's own WASM module. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import plainUrl from './assembly/build/kernels.wasm?url'
import threadsUrl from './assembly/build/kernels-threads.wasm?url'

/** Arguments are byte addresses in tfjs's heap and sizes, in the order that the sources declare; flags are 0 or 1. */
type AssemblyFunction = (...pointersAndSizes: number[]) => void

export interface AssemblyKernels {
  batchNormApply: AssemblyFunction
  batchNormGradApply: AssemblyFunction
  batchNormGradSums: AssemblyFunction
  batchNormMoments: AssemblyFunction
  scaleShift: AssemblyFunction
  upsampleGrad: AssemblyFunction
  pixelStatistics: AssemblyFunction
  voteEntropy: AssemblyFunction
  conv2dGradFilter: AssemblyFunction
  conv2dGradFilterScratch: (inputs: number, outputs: number) => number
  crossEntropyGrad: AssemblyFunction
  crossEntropySums: AssemblyFunction
  depthwiseGradFilter: AssemblyFunction
  depthwiseGradInput: AssemblyFunction
  dropout: AssemblyFunction
  gaussianAttention: AssemblyFunction
  sgdStep: AssemblyFunction
  tileBlocks: AssemblyFunction
}

/** What we need of tfjs's Emscripten module and its types leave out. */
export interface TfjsModule {
  _malloc(bytes: number): number
  _free(pointer: number): void
  tfjs: { disposeData(id: number): void; registerTensor(id: number, size: number, pointer: number): void }
  asm: { memory?: WebAssembly.Memory }
  wasmMemory?: WebAssembly.Memory
}

export function tfjsModule(backend: BackendWasm): TfjsModule {
  return backend.wasm as unknown as TfjsModule
}

const instances = new WeakMap<BackendWasm, AssemblyKernels>()

/** Instantiates the kernels on the memory of `backend`; must have finished before the first of them runs. */
export async function attachAssembly(backend: BackendWasm): Promise<void> {
  if (instances.has(backend)) return
  const { wasmMemory, asm } = tfjsModule(backend)
  const memory = wasmMemory ?? asm.memory
  if (!memory) throw new Error('The WASM backend does not show its memory.')
  const isShared = !(memory.buffer instanceof ArrayBuffer)
  const response = await fetch(isShared ? threadsUrl : plainUrl)
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), { env: { memory } })
  instances.set(backend, instance.exports as unknown as AssemblyKernels)
}

export function assemblyOf(backend: BackendWasm): AssemblyKernels {
  const kernels = instances.get(backend)
  if (!kernels) throw new Error('The WASM kernels are not attached to this backend.')
  return kernels
}
