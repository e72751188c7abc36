import { AppError, type ErrorCode, toAppError } from '../../domain/errors'

export type SaveStatus = 'saved' | 'saving' | 'failed'

/** What no second attempt can help: the image is gone, or its labels are no longer those that were painted on. */
const FINAL: readonly ErrorCode[] = ['not_found', 'outdated']

/** Changes that can never be written, and why. */
export interface Refusal {
  error: AppError
  changes: number
}

interface Write {
  /** What was changed on the screen: when one of its changes is refused, those that follow were made to something else. */
  source: object
  run: () => Promise<void>
}

/**
 * Writes in the order they were asked for, one at a time. A write that fails stays at the front, with everything behind it, until
 * somebody tries again. Only what can never be written is dropped, with what its source asks for after it, and `refusal` says so.
 */
export class SaveQueue {
  status = $state<SaveStatus>('saved')
  error = $state.raw<AppError | null>(null)
  /** What was lost, until the person has read it. */
  refusal = $state.raw<Refusal | null>(null)
  /** Writes that are not on disk. */
  pending = $state(0)
  #writes: Write[] = []
  #draining: Promise<void> | null = null
  readonly #refused = new WeakSet<object>()
  #whenEmpty: (() => void)[] = []

  /** @param source what the write is a change of: one object as long as each change is made to what the last one left */
  add(source: object, run: () => Promise<void>) {
    this.#writes.push({ source, run })
    if (this.#refused.has(source)) return this.#drop(source)
    this.pending = this.#writes.length
    if (this.status !== 'failed') this.retry()
  }

  /** Whether the source's changes are kept no longer. */
  isRefused(source: object): boolean {
    return this.#refused.has(source)
  }

  /** Goes on writing, also after a failure. */
  retry() {
    if (!this.#draining && this.#writes.length > 0) this.#draining = this.#drain()
  }

  /** Resolves when nothing is being written: all is saved, or a write has failed. */
  async settled() {
    while (this.#draining) await this.#draining
  }

  /** Resolves when there is nothing left to write, however long that takes. */
  emptied(): Promise<void> {
    if (this.#writes.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#whenEmpty.push(resolve))
  }

  async #drain() {
    this.status = 'saving'
    this.error = null
    try {
      for (let write = this.#writes[0]; write; write = this.#writes[0]) await this.#write(write)
      this.status = 'saved'
      for (const tell of this.#whenEmpty.splice(0)) tell()
    } catch (thrown) {
      const error = toAppError(thrown)
      this.error = error instanceof AppError ? error : new AppError('internal', error.message, 'Try again.')
      this.status = 'failed'
    }
    this.#draining = null
  }

  async #write({ source, run }: Write) {
    try {
      await run()
      this.#writes.shift()
      this.pending = this.#writes.length
    } catch (error) {
      if (!(error instanceof AppError && FINAL.includes(error.code))) throw error
      this.#refused.add(source)
      this.refusal = { error, changes: 0 }
      this.#drop(source)
    }
  }

  #drop(source: object) {
    const kept = this.#writes.filter((write) => write.source !== source)
    const dropped = this.#writes.length - kept.length
    this.#writes = kept
    this.pending = kept.length
    if (this.refusal) this.refusal = { ...this.refusal, changes: this.refusal.changes + dropped }
  }
}
