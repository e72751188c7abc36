/** How far a study has come, as lines of a terminal or a log: one for each event, one a minute for what runs. */
import type { Progress } from '../../src/domain/progress'
import type { StudyLine } from '../../src/study/study-line'
import { nameOf } from './study-folder'

const SIGN_OF_LIFE_MS = 60_000

/** 95 s, 12 min, 3 h 20 min. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export class StudyProgress {
  readonly #startedAt: number
  readonly #running = new Map<string, { line: StudyLine; startedAt: number; latest: Progress | null }>()
  #spokeAt: number
  #done: number
  /** Rounds of this session, by which the time left is told. */
  #roundsRun = 0
  #roundsLeft: number

  /** @param done lines that were done before this session */
  constructor(
    private readonly lines: readonly StudyLine[],
    done: readonly StudyLine[],
    private readonly write: (line: string) => void = console.log,
    private readonly now: () => number = Date.now,
  ) {
    this.#startedAt = now()
    this.#spokeAt = now()
    this.#done = done.length
    const rounds = (some: readonly StudyLine[]) => some.reduce((sum, { config }) => sum + config.selection.rounds, 0)
    this.#roundsLeft = rounds(lines) - rounds(done)
  }

  start(line: StudyLine): void {
    this.#running.set(line.hash, { line, startedAt: this.now(), latest: null })
    this.write(`${this.#count()} begins  ${nameOf(line)}`)
  }

  show(line: StudyLine, progress: Progress): void {
    const running = this.#running.get(line.hash)
    if (!running) return
    const round = running.latest?.round ?? progress.round ?? 0
    // Rounds that were complete before this session are passed by at once and do not count.
    if (running.latest && progress.round && progress.round > round) this.#countRounds(progress.round - round)
    running.latest = progress
  }

  /** `outcome`: what is said after the line's name. */
  end(line: StudyLine, outcome: string, isDone: boolean): void {
    const running = this.#running.get(line.hash)
    this.#running.delete(line.hash)
    if (isDone) {
      this.#done++
      this.#countRounds(1)
    }
    const time = running ? `, ${duration(this.now() - running.startedAt)}` : ''
    const left = isDone ? this.#left() : ''
    this.write(`${this.#count()} ${isDone ? 'done   ' : 'ends   '} ${nameOf(line)}: ${outcome}${time}${left}`)
  }

  /** Call every few seconds: a minute after the last time it says what runs. */
  tick(): void {
    if (this.now() - this.#spokeAt < SIGN_OF_LIFE_MS || this.#running.size === 0) return
    this.#spokeAt = this.now()
    const running = [...this.#running.values()].map(({ line, latest }) => {
      const round = latest?.round ? ` round ${latest.round} of ${line.config.selection.rounds},` : ''
      return `${nameOf(line)}${latest ? `:${round} ${latest.phase} ${latest.done}/${latest.total}` : ''}`
    })
    this.write(`${this.#count()} running ${running.join('; ')}${this.#left()}`)
  }

  #countRounds(rounds: number): void {
    this.#roundsRun += rounds
    this.#roundsLeft -= rounds
  }

  #count(): string {
    const all = String(this.lines.length)
    return `[${String(this.#done).padStart(all.length)}/${all}]`
  }

  #left(): string {
    if (this.#roundsRun === 0 || this.#roundsLeft <= 0) return ''
    return `; about ${duration(((this.now() - this.#startedAt) * this.#roundsLeft) / this.#roundsRun)} left`
  }
}
