/**
 * Keeps every submit short. A driver resets a device that one submit occupies for seconds, and a page whose device was
 * reset twice gets none again. How long a dispatch takes is measured, not guessed: the first times that a kernel runs at a
 * size it gets a compute pass of its own with GPU timestamps; from then on a submit ends before its dispatches exceed the
 * budget together.
 */

/** Milliseconds of GPU time of one submit, a quarter of what the slowest drivers bear and half of what we promise. */
const BUDGET_MS = 100

/** Milliseconds of GPU time that may be queued between two steps of a loop. */
const QUEUED_MS = 300

/** A dispatch that was never timed counts as this share of the budget. */
const UNKNOWN_SHARE = 1 / 8

/** Label of the buffers in which timestamps are read back. */
export const TIMESTAMPS = 'timestamps'

/** Passes timed in one submit at most. */
const SLOTS = 64

/** Times that a kernel is timed at each size; the shortest counts, as the first may wait for a compiler. */
const TIMINGS = 2

interface Cost {
  milliseconds: number
  timings: number
}

/** Timestamps of the passes of one submit. */
interface Timing {
  queries: GPUQuerySet
  resolved: GPUBuffer
  keys: string[]
}

export class Pacing {
  /** Share of the usual budget: lowered after the device was lost. */
  share = 1
  readonly #device: GPUDevice
  readonly #costs = new Map<string, Cost>()
  readonly #canTime: boolean
  #timing: Timing | null = null
  #spent = 0
  /** The submit at hand holds a dispatch that was never timed. */
  #isUnsure = false
  /** Submits that the GPU has not done yet, the oldest first. */
  readonly #inFlight: { milliseconds: number; done: Promise<unknown> }[] = []

  constructor(device: GPUDevice) {
    this.#device = device
    this.#canTime = device.features.has('timestamp-query')
  }

  /** Milliseconds by kernel and size, the longest first. */
  get costs(): [key: string, milliseconds: number][] {
    return [...this.#costs]
      .map(([key, { milliseconds }]): [string, number] => [key, milliseconds])
      .sort((a, b) => b[1] - a[1])
  }

  /** The timestamps that the pass of the next dispatch is to be opened with, or null when it needs no timing. */
  timestampsFor(key: string): GPUComputePassTimestampWrites | null {
    if (!this.#canTime || (this.#costs.get(key)?.timings ?? 0) >= TIMINGS) return null
    this.#timing ??= this.#openTiming()
    const { queries, keys } = this.#timing
    if (keys.length === SLOTS) return null
    const slot = 2 * keys.push(key) - 2
    return { querySet: queries, beginningOfPassWriteIndex: slot, endOfPassWriteIndex: slot + 1 }
  }

  /** Counts a dispatch that was recorded; true when it is time to submit. */
  isFull(key: string): boolean {
    const budget = BUDGET_MS * this.share
    const cost = this.#costs.get(key)?.milliseconds
    if (cost === undefined) this.#isUnsure = true
    this.#spent += cost ?? budget * UNKNOWN_SHARE
    return this.#spent >= budget
  }

  /** Whether a dispatch is too long to share a submit with what was recorded before it. */
  mustComeFirst(key: string): boolean {
    const cost = this.#costs.get(key)?.milliseconds
    return cost !== undefined && this.#spent > 0 && this.#spent + cost > BUDGET_MS * this.share
  }

  /** To be called with the encoder that is about to be submitted. */
  beforeSubmit(encoder: GPUCommandEncoder): void {
    const timing = this.#timing
    if (!timing) return
    encoder.resolveQuerySet(timing.queries, 0, 2 * timing.keys.length, timing.resolved, 0)
  }

  /** To be called after the submit. */
  afterSubmit(): void {
    const timing = this.#timing
    this.#timing = null
    if (timing) void this.#read(timing).catch(() => {}) // A lost device has no timestamps; the loss itself is remembered.
    const done = this.#device.queue.onSubmittedWorkDone().catch(() => {})
    // A kernel that was never timed may take any time: a loop waits for it.
    this.#inFlight.push({ milliseconds: this.#isUnsure ? 2 * QUEUED_MS : this.#spent, done })
    void done.then(() => this.#inFlight.shift()) // Submits end in the order they began in.
    this.#spent = 0
    this.#isUnsure = false
  }

  /** Waits until what is queued is little: nobody can pause or stop what a device was given. */
  async settle(): Promise<void> {
    const queued = () => this.#inFlight.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
    while (queued() > QUEUED_MS) await this.#inFlight[0]?.done
  }

  #openTiming(): Timing {
    const size = 2 * 8 * SLOTS
    return {
      queries: this.#device.createQuerySet({ type: 'timestamp', count: 2 * SLOTS }),
      resolved: this.#device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC }),
      keys: [],
    }
  }

  async #read({ queries, resolved, keys }: Timing): Promise<void> {
    const size = 2 * 8 * keys.length
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ
    const staging = this.#device.createBuffer({ label: TIMESTAMPS, size, usage })
    const encoder = this.#device.createCommandEncoder()
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, size)
    this.#device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ)
    const stamps = new BigUint64Array(staging.getMappedRange().slice(0))
    for (const buffer of [staging, resolved]) buffer.destroy()
    queries.destroy()
    keys.forEach((key, i) => {
      const milliseconds = Number(stamps[2 * i + 1] - stamps[2 * i]) / 1e6
      const known = this.#costs.get(key)
      this.#costs.set(key, {
        milliseconds: Math.min(milliseconds, known?.milliseconds ?? milliseconds),
        timings: (known?.timings ?? 0) + 1,
      })
    })
  }
}
