import { labelLockName } from '../../domain/project'

/** Label locks that this tab holds, by name, each with the number of label tables that use it. */
const held = new Map<string, { users: number; release: () => void }>()

/** Whether this tab holds the project's label lock: for a label table, or for strokes that are not on the disk yet. */
export function isLabelledHere(projectId: string): boolean {
  return held.has(labelLockName(projectId))
}

/**
 * Lets one tab at a time change a project's labels. The first tab that opens the project writes; the others read, and one of them takes
 * over when it goes. Label tables of one tab share the lock, so a table that waits for its writes keeps no other waiting.
 */
export class LabelLock {
  /** null until the browser has answered; true once the table shows the labels that the last writer left. */
  isWriter = $state<boolean | null>(null)
  readonly #name: string
  #isHeld = false
  readonly #leaving = new AbortController()

  constructor(projectId: string) {
    this.#name = labelLockName(projectId)
  }

  /** No other tab writes; this one may still be reading what the other wrote. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  /** Resolves once it is known whether this tab may write. A reading tab that gets the lock later writes after `takeOver` has resolved. */
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
    // Rejected when this table was left before the other tab went: there is nothing to take over.
    navigator.locks.request(this.#name, { signal: this.#leaving.signal }, take).catch(() => {})
  }

  /** Holds the lock. Resolves when the tab's last table has released it; at once when this table was left already. */
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
