import { AppError, toAppError } from '../../rpc/errors'

export type SaveStatus = 'saved' | 'saving' | 'failed'

/**
 * Writes in the order they were asked for, one at a time. A write that fails stays at the front, with everything behind it, until
 * somebody tries again: nothing is dropped.
 */
export class SaveQueue {
  status = $state<SaveStatus>('saved')
  error = $state.raw<AppError | null>(null)
  /** Writes that are not on disk. */
  pending = $state(0)
  readonly #writes: (() => Promise<void>)[] = []
  #draining: Promise<void> | null = null

  add(write: () => Promise<void>) {
    this.#writes.push(write)
    this.pending = this.#writes.length
    if (this.status !== 'failed') this.retry()
  }

  /** Goes on writing, also after a failure. */
  retry() {
    if (!this.#draining && this.#writes.length > 0) this.#draining = this.#drain()
  }

  /** Resolves when nothing is being written: all is saved, or a write has failed. */
  async settled() {
    while (this.#draining) await this.#draining
  }

  async #drain() {
    this.status = 'saving'
    this.error = null
    try {
      for (let write = this.#writes[0]; write; write = this.#writes[0]) {
        await write()
        this.#writes.shift()
        this.pending = this.#writes.length
      }
      this.status = 'saved'
    } catch (thrown) {
      const error = toAppError(thrown)
      this.error = error instanceof AppError ? error : new AppError('internal', error.message, 'Try again.')
      this.status = 'failed'
    }
    this.#draining = null
  }
}
