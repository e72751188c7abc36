import { AppError, type ErrorCode, toAppError } from '../../domain/errors'

export type SaveStatus = 'saved' | 'saving' | 'failed'

/** Errors that no second attempt can help: the image is gone, or its labels have changed under the stroke. */
const FINAL: readonly ErrorCode[] = ['not_found', 'outdated']

/** Changes that can never be written, and why. */
export interface Refusal {
  error: AppError
  changes: number
}

interface Write {
  /** The changed object. Once one of its changes is refused, the later ones are dropped: they were made on top of it. */
  source: object
  run: () => Promise<void>
}

/**
 * Writes changes in order, one at a time. A write that fails stays at the front, with the others behind it, until somebody tries again.
 * Only a change that can never be written is dropped, with the later changes of its source; `refusal` tells of it.
 */
export class SaveQueue {
  status = $state<SaveStatus>('saved')
  error = $state.raw<AppError | null>(null)
  /** Changes that were dropped, until the person has read about them. */
  refusal = $state.raw<Refusal | null>(null)
  /** Number of writes that are not on disk. */
  pending = $state(0)
  #writes: Write[] = []
  #draining: Promise<void> | null = null
  readonly #refused = new WeakSet<object>()
  #whenEmpty: (() => void)[] = []

  /** @param source the changed object: the same one for all changes that build on each other */
  add(source: object, run: () => Promise<void>) {
    this.#writes.push({ source, run })
    if (this.#refused.has(source)) return this.#drop(source)
    this.pending = this.#writes.length
    if (this.status !== 'failed') this.retry()
  }

  /** Whether changes of this source are dropped. */
  isRefused(source: object): boolean {
    return this.#refused.has(source)
  }

  /** Goes on writing, also after a failure. */
  retry() {
    if (!this.#draining && this.#writes.length > 0) this.#draining = this.#drain()
  }

  /** Resolves when all is saved, or a write has failed. */
  async settled() {
    while (this.#draining) await this.#draining
  }

  /** Resolves when all is saved, however long that takes. */
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
