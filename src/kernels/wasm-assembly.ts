/** The AssemblyScript kernels (`*.as.ts`), running on the memory of tfjs's own WASM module. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import plainUrl from './assembly/kernels.wasm?url'
import fusedUrl from './assembly/kernels-fused.wasm?url'
import sharedUrl from './assembly/kernels-shared.wasm?url'
import sharedFusedUrl from './assembly/kernels-shared-fused.wasm?url'
import { KernelThreads } from './threads/kernel-threads'

/** Arguments are byte addresses in tfjs's heap and sizes, in the order that the sources declare; flags are 0 or 1. */
type AssemblyFunction = (...pointersAndSizes: number[]) => void

export interface AssemblyKernels {
  addDoubles: AssemblyFunction
  batchNormGradSums: AssemblyFunction
  channelBroadcast: AssemblyFunction
  channelSums: AssemblyFunction
  batchNormMoments: AssemblyFunction
  batchNormScales: AssemblyFunction
  upsampleGrad: AssemblyFunction
  depthwiseGradFilterTotal: AssemblyFunction
  dropout: AssemblyFunction
  tileBlocks: AssemblyFunction
}

/** Kernels that take a range of units as their last two arguments, and run on every thread. */
export type SplitKernel =
  | 'adamStep'
  | 'attentionColumns'
  | 'attentionRows'
  | 'batchNormApply'
  | 'batchNormGradApply'
  | 'batchNormGradPartials'
  | 'batchNormPartials'
  | 'classColumns'
  | 'classRows'
  | 'conv2dGradFilter'
  | 'convolve'
  | 'convolveBack'
  | 'copyRuns'
  | 'crossEntropyGrad'
  | 'crossEntropySums'
  | 'dense'
  | 'denseGrad'
  | 'denseGradOutputs'
  | 'depthwiseConvolve'
  | 'depthwiseGradFilter'
  | 'depthwiseGradInput'
  | 'packFilter'
  | 'packTransposedFilter'
  | 'passWinners'
  | 'patchAttention'
  | 'pixelStatistics'
  | 'runningAverage'
  | 'scaleShift'
  | 'sgdStep'
  | 'softVotes'
  | 'squareSums'
  | 'sumChunks'
  | 'upsampledDepthwise'
  | 'upsampledTaps'
  | 'voteEntropy'
  | 'passDropout'

/** The parts of tfjs's Emscripten module that we use and its types leave out. */
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

interface Attached {
  kernels: AssemblyKernels
  threads: KernelThreads
}

const attached = new WeakMap<BackendWasm, Attached>()

/** Where the CPU multiplies and adds in one instruction, kernels that may do so are faster and round once instead of twice. */
const FUSED_MULTIPLY_ADD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
)

function binaryUrl(isShared: boolean): string {
  const isFused = WebAssembly.validate(FUSED_MULTIPLY_ADD)
  if (isShared) return isFused ? sharedFusedUrl : sharedUrl
  return isFused ? fusedUrl : plainUrl
}

/**
 * Instantiates the kernels on the memory of `backend`, with `threads` threads where it is shared; must have finished before
 * the first of them runs. The threads end with the backend.
 * @returns the number of threads
 */
export async function attachAssembly(backend: BackendWasm, threads: number): Promise<number> {
  const present = attached.get(backend)
  if (present) return present.threads.count
  const { wasmMemory, asm } = tfjsModule(backend)
  const memory = wasmMemory ?? asm.memory
  if (!memory) throw new Error('The WASM backend does not show its memory.')
  const response = await fetch(binaryUrl(!(memory.buffer instanceof ArrayBuffer)))
  if (!response.ok) throw new Error(`The WASM kernels did not load: ${response.status} ${response.statusText}`)
  const module = await WebAssembly.compile(await response.arrayBuffer())
  const allocate = (bytes: number) => tfjsModule(backend)._malloc(bytes)
  const pool = await KernelThreads.start({ module, memory, allocate }, threads)
  attached.set(backend, { kernels: pool.kernels as unknown as AssemblyKernels, threads: pool })
  const dispose = backend.dispose.bind(backend)
  backend.dispose = () => {
    pool.close()
    dispose()
  }
  return pool.count
}

export function assemblyOf(backend: BackendWasm): Attached {
  const present = attached.get(backend)
  if (!present) throw new Error('The WASM kernels are not attached to this backend.')
  return present
}
