/** Progress of a run on a terminal or in a log: one line per stage, and a sign of life in long ones. */
import type { Progress } from '../../src/domain/progress'

const SIGN_OF_LIFE_MS = 60_000

export class ProgressLines {
  #stage = ''
  #last: Progress | null = null
  #startedAt = 0
  #spokeAt = 0

  constructor(
    private readonly out: { isTTY?: boolean; write(text: string): void } = process.stdout,
    private readonly now: () => number = Date.now,
  ) {}

  show(progress: Progress): void {
    const stage = `${progress.round ?? ''} ${progress.phase}`
    if (stage !== this.#stage) {
      this.end()
      this.#stage = stage
      this.#startedAt = this.now()
      this.#spokeAt = this.#startedAt
    }
    this.#last = progress
    if (this.out.isTTY) this.out.write(`\r\x1b[2K${this.#line(progress)}`)
    else if (this.now() - this.#spokeAt >= SIGN_OF_LIFE_MS) {
      this.#spokeAt = this.now()
      this.out.write(`${this.#line(progress)}\n`)
    }
  }

  /** Ends the stage at hand with its final line. */
  end(): void {
    if (!this.#last) return
    this.out.write(`${this.out.isTTY ? '\r\x1b[2K' : ''}${this.#line(this.#last)}\n`)
    this.#last = null
    this.#stage = ''
  }

  #line({ phase, round, done, total, etaMs, loss }: Progress): string {
    const parts = [
      round ? `round ${round}` : 'project',
      phase.padEnd(8),
      `${done}/${total}`.padStart(9),
      `${((this.now() - this.#startedAt) / 1000).toFixed(1)} s`.padStart(9),
    ]
    if (loss !== undefined) parts.push(`loss ${loss.toFixed(4)}`)
    if (etaMs !== undefined && done < total) parts.push(`${Math.ceil(etaMs / 1000)} s left`)
    return parts.join('  ')
  }
}
