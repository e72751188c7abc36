import { labelLockName } from '../../domain/project'

/** The label locks that this tab holds, by name, each with how many label tables use it. */
const held = new Map<string, { users: number; release: () => void }>()

/** Whether this tab is the one that may label the project: at a table, or for strokes that are not on the disk yet. */
export function isLabelledHere(projectId: string): boolean {
  return held.has(labelLockName(projectId))
}

/**
 * Whether this tab may change a project's labels. The first tab that opens the project may; others read, and take over by
 * themselves when it goes. Tables of one tab share the lock: one that waits for its strokes keeps no other waiting.
 */
export class LabelLock {
  /** null until the browser has answered; true once what is on the table is what others have left. */
  isWriter = $state<boolean | null>(null)
  readonly #name: string
  #isHeld = false
  readonly #leaving = new AbortController()

  constructor(projectId: string) {
    this.#name = labelLockName(projectId)
  }

  /** No other tab writes any more, though this one may still have to read what it wrote. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  /** Resolves when it is known whether this tab may write. A reading tab becomes the writing one when `takeOver` has read again. */
  async request(takeOver: () => Promise<void>): Promise<void> {
    if (held.has(this.#name)) {
      void this.#hold()
      this.isWriter = true
      return
    }
    const { promise, resolve } = Promise.withResolvers<boolean>()
    void navigator.locks.request(this.#name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock ? this.#hold() : undefined
    })
    this.isWriter = await promise
    if (!this.isWriter) this.#wait(takeOver)
  }

  #wait(takeOver: () => Promise<void>) {
    const take = async () => {
      const released = this.#hold()
      await takeOver()
      this.isWriter = true
      await released
    }
    // Left before the other tab went: there is nothing to take over.
    navigator.locks.request(this.#name, { signal: this.#leaving.signal }, take).catch(() => {})
  }

  /** Resolves when the last table of this tab has released the lock; at once when this one is left already. */
  #hold(): Promise<void> | undefined {
    if (this.#leaving.signal.aborted) return
    this.#isHeld = true
    const shared = held.get(this.#name)
    if (shared) {
      shared.users++
      return
    }
    return new Promise<void>((release) => held.set(this.#name, { users: 1, release }))
  }

  release() {
    this.#leaving.abort()
    const shared = this.#isHeld ? held.get(this.#name) : undefined
    this.#isHeld = false
    if (!shared || --shared.users > 0) return
    held.delete(this.#name)
    shared.release()
  }
}
