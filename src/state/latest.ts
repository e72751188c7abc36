/**
 * One piece of work at a time, and of those asked for meanwhile the latest alone: for work that cannot be stopped once it has begun,
 * when somebody asks faster than it is done.
 */
export class Latest {
  #next: (() => Promise<void>) | null = null
  #running: Promise<void> | null = null

  /**
   * Does the work now, or when the one at hand has ended. Resolves when nothing is left to do, rejects when the last work failed; that
   * an overtaken one failed concerns nobody.
   */
  run(work: () => Promise<void>): Promise<void> {
    this.#next = work
    this.#running ??= this.#drain()
    return this.#running
  }

  /** Forgets what has not begun. */
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
