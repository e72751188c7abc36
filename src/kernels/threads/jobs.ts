/**
 * How the threads of the AssemblyScript kernels agree on work. A kernel that can be split takes a range of units (rows, blocks,
 * channels) as its last two arguments; every thread takes ranges until none is left. Which thread computes a unit
 * never changes what is computed, so results do not depend on the number of threads.
 *
 * The caller writes a job into a shared block and opens it. A helper enters (`active`) before it looks whether a job is open,
 * and leaves when nothing is left; the caller closes the job and waits until all have left before it writes another.
 */

type Kernel = (...values: number[]) => unknown

/** Needed by a helper to start. */
export interface HelperStart {
  module: WebAssembly.Module
  memory: WebAssembly.Memory
  block: SharedArrayBuffer
  /** Address of the thread's own memory. */
  workspace: number
}

/** Indices into the block's words. */
const WORD = { generation: 0, open: 1, active: 2, next: 3, units: 4, grain: 5, kernel: 6, count: 7, failed: 8 } as const
const ARGUMENTS_AT = 64
const MAX_ARGUMENTS = 40
export const BLOCK_BYTES = ARGUMENTS_AT + 8 * MAX_ARGUMENTS

/** How often a helper looks for work before it sleeps: some 50 microseconds, the usual gap between two kernels. */
const LOOKS = 20_000

/** One thread's view of the shared block and of its own instance of the kernels. */
export class JobBoard {
  readonly #words: Int32Array
  readonly #values: Float64Array
  readonly #kernels: Kernel[]
  /** Kernels by name: the same numbers in every thread. */
  readonly #numbers: Map<string, number>

  constructor(module: WebAssembly.Module, instance: WebAssembly.Instance, block: ArrayBufferLike) {
    const names = WebAssembly.Module.exports(module).map(({ name }) => name)
    this.#kernels = names.map((name) => instance.exports[name] as Kernel)
    this.#numbers = new Map(names.map((name, i) => [name, i]))
    this.#words = new Int32Array(block, 0, ARGUMENTS_AT / 4)
    this.#values = new Float64Array(block, ARGUMENTS_AT, MAX_ARGUMENTS)
  }

  /** Runs `kernel(...values, 0, units)`, in ranges of `grain` units that helpers share. */
  run(kernel: string, units: number, grain: number, values: number[]): void {
    const number = this.#numbers.get(kernel)
    if (number === undefined || values.length > MAX_ARGUMENTS) throw new Error(`No such WASM kernel: ${kernel}`)
    const words = this.#words
    this.#values.set(values)
    words[WORD.units] = units
    words[WORD.grain] = grain
    words[WORD.kernel] = number
    words[WORD.count] = values.length
    Atomics.store(words, WORD.next, 0)
    Atomics.store(words, WORD.open, 1)
    Atomics.add(words, WORD.generation, 1)
    Atomics.notify(words, WORD.generation)
    try {
      this.#takeRanges()
    } finally {
      Atomics.store(words, WORD.open, 0)
      // A page's own thread may not sleep; the last ranges are short.
      while (Atomics.load(words, WORD.active) !== 0);
    }
    if (Atomics.exchange(words, WORD.failed, 0) !== 0) throw new Error(`The WASM kernel ${kernel} failed in a thread.`)
  }

  #takeRanges(): void {
    const words = this.#words
    const kernel = this.#kernels[words[WORD.kernel]]
    const values = [...this.#values.subarray(0, words[WORD.count])]
    const [units, grain] = [words[WORD.units], words[WORD.grain]]
    for (;;) {
      const start = Atomics.add(words, WORD.next, grain)
      if (start >= units) return
      kernel(...values, start, Math.min(start + grain, units))
    }
  }

  /** The life of a helper: never returns. */
  serve(onReady: () => void): never {
    const words = this.#words
    let seen = Atomics.load(words, WORD.generation)
    onReady()
    for (;;) {
      for (let i = 0; i < LOOKS && Atomics.load(words, WORD.generation) === seen; i++);
      Atomics.wait(words, WORD.generation, seen)
      seen = Atomics.load(words, WORD.generation)
      Atomics.add(words, WORD.active, 1)
      try {
        if (Atomics.load(words, WORD.open) === 1) this.#takeRanges()
      } catch {
        Atomics.store(words, WORD.failed, 1)
      }
      Atomics.sub(words, WORD.active, 1)
    }
  }
}
