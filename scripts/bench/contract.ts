/** What the driver and the contestants agree on. Plain data: it crosses workers, processes and the browser's border. */
import type { EngineName } from '../../src/domain/engine'

/** Who runs a program: our kernels or those of tfjs alone, each in a worker of its own; or a peer outside of tfjs. */
export type ContestantName = 'ours' | 'stock' | 'ort' | 'torch'

/** What one run asked of the GPU; zeros on another engine. */
export interface GpuCounts {
  dispatches: number
  /** Bytes of buffers created. */
  allocatedBytes: number
  /** Buffers mapped for reading. */
  readBacks: number
  readBackBytes: number
  /** Compute passes' time by the GPU's own clock; null where the adapter offers none. */
  gpuMs: number | null
}

/** One run, from the first call until its results are there. */
export interface Sample extends GpuCounts {
  ms: number
}

/** What a program says of itself before it is timed. */
export interface Preparation {
  /** Numbers that every contestant of a comparison must share; empty where there is nothing to compare. */
  fingerprint: number[]
  /** Bytes of the GPU buffers created up to the end of a first run, which compiled too. */
  firstAllocatedBytes: number
  /** Multiply-adds that one run executes, where the program counts them. */
  multiplyAdds: number | null
}

/** A contestant in its worker. One program is ready for each name that `prepare` was called with. */
export interface Contestant {
  /** @returns the adapter or the engine, for people */
  boot(engine: EngineName): Promise<string>
  prepare(program: string): Promise<Preparation>
  sample(program: string): Promise<Sample>
  release(program: string): Promise<void>
}
