/**
 * Does one piece of work at a time, and of those asked for meanwhile only the latest. For work that cannot be stopped once it has begun
 * and is asked for faster than it is done.
 */
export class Latest {
  #next: (() => Promise<void>) | null = null
  #running: Promise<void> | null = null

  /**
   * Does the work now, or after the current one. Resolves when nothing is left to do; rejects when the last work failed. Failures of work
   * that was overtaken are ignored.
   */
  run(work: () => Promise<void>): Promise<void> {
    this.#next = work
    this.#running ??= this.#drain()
    return this.#running
  }

  /** Forgets work that has not begun. */
  clear() {
    this.#next = null
  }

  async #drain() {
    try {
      for (let work = this.#next; work; work = this.#next) {
        this.#next = null
        try {
          await work()
        } catch (error) {
          if (!this.#next) throw error
        }
      }
    } finally {
      this.#running = null
    }
  }
}
