/**
 * Whether this tab may change a project's labels. The first tab that opens the project may; others read, and take over by
 * themselves when it goes.
 */
export class LabelLock {
  /** null until the browser has answered. */
  isWriter = $state<boolean | null>(null)
  readonly #name: string
  #release: () => void = () => {}
  readonly #leaving = new AbortController()

  constructor(projectId: string) {
    this.#name = `cpral-studio/labels/${projectId}`
  }

  /** Resolves when it is known whether this tab may write. `onTakeOver` is called when a reading tab becomes the writing one. */
  async request(onTakeOver: () => void): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const hold = () => {
      this.isWriter = true
      return new Promise<void>((release) => {
        this.#release = release
      })
    }
    void navigator.locks.request(this.#name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock ? hold() : undefined
    })
    const isFirst = await promise
    if (!isFirst) this.#wait(hold, onTakeOver)
    return isFirst
  }

  #wait(hold: () => Promise<void>, onTakeOver: () => void) {
    this.isWriter = false
    navigator.locks
      .request(this.#name, { signal: this.#leaving.signal }, () => {
        const held = hold()
        onTakeOver()
        return held
      })
      .catch(() => {}) // Left before the other tab went.
  }

  release() {
    this.#leaving.abort()
    this.#release()
  }
}
