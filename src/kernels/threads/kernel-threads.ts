import { BLOCK_BYTES, type HelperStart, JobBoard } from './jobs'

/** More helpers would wait for memory rather than compute. */
const MAX_HELPERS = 7

/** Memory of one thread's own: what `assembly/workspace.as.ts` asks for, and room to align it. */
const WORKSPACE_BYTES = 256 * 1024 + 16

interface KernelMemory {
  module: WebAssembly.Module
  memory: WebAssembly.Memory
  /** Gives a part of the memory away for good. */
  allocate(bytes: number): number
}

/** Runs the kernels of one instance on the calling thread and its helpers. */
export class KernelThreads {
  readonly #helpers: Worker[]
  readonly #board: JobBoard
  readonly #instance: WebAssembly.Instance

  private constructor(instance: WebAssembly.Instance, board: JobBoard, helpers: Worker[]) {
    this.#instance = instance
    this.#board = board
    this.#helpers = helpers
  }

  /** With `count` threads at most, the calling one among them. Memory that is not shared allows one. */
  static async start({ module, memory, allocate }: KernelMemory, count: number): Promise<KernelThreads> {
    const workspace = () => ((allocate(WORKSPACE_BYTES) >>> 0) + 15) & ~15
    const instance = await WebAssembly.instantiate(module, { env: { memory } })
    ;(instance.exports.setWorkspace as (address: number) => void)(workspace())
    if (memory.buffer instanceof ArrayBuffer || count <= 1) {
      return new KernelThreads(instance, new JobBoard(module, instance, new ArrayBuffer(BLOCK_BYTES)), [])
    }
    const block = new SharedArrayBuffer(BLOCK_BYTES)
    const wanted = Array.from({ length: Math.min(count - 1, MAX_HELPERS) }, () =>
      startHelper({ module, memory, block, workspace: workspace() }),
    )
    const helpers = (await Promise.all(wanted)).filter((helper) => helper !== null)
    return new KernelThreads(instance, new JobBoard(module, instance, block), helpers)
  }

  /** The calling thread's kernels. */
  get kernels(): WebAssembly.Exports {
    return this.#instance.exports
  }

  get count(): number {
    return this.#helpers.length + 1
  }

  /**
   * Calls `kernel(...values, start, end)` for ranges that cover 0..units once; returns when all are done.
   * @param grain units of a range: small enough for an even share, large enough to be worth a call
   */
  run(kernel: string, units: number, grain: number, values: number[]): void {
    if (this.#helpers.length > 0 && units > grain) this.#board.run(kernel, units, grain, values)
    else (this.#instance.exports[kernel] as (...values: number[]) => void)(...values, 0, units)
  }

  close(): void {
    for (const helper of this.#helpers.splice(0)) helper.terminate()
  }
}

/** Null when it does not start: the others do its share. */
async function startHelper(start: HelperStart): Promise<Worker | null> {
  const helper = new Worker(new URL('./helper.worker.ts', import.meta.url), { type: 'module' })
  const isReady = await new Promise<boolean>((resolve) => {
    helper.onmessage = () => resolve(true)
    helper.onerror = () => resolve(false)
    helper.postMessage(start)
  })
  if (isReady) return helper
  helper.terminate()
  return null
}
