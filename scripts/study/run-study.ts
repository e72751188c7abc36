/** Runs what a study lacks: a process for each line, some side by side, so that none can take another with it. */
import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineName } from '../../src/domain/engine'
import type { StudyLine } from '../../src/study/study-line'
import { isHeld } from '../headless/folder-lock'
import { comesOfFullDisk, FullDiskError, makeFolder } from '../headless/write-whole'
import { isTrained } from './first-rounds'
import type { LineEnd, LineMessage } from './line-process'
import { type Candidate, nextLine } from './schedule'
import type { Stopping } from './stopping'
import {
  completedRounds,
  damageOf,
  failureOf,
  isDone,
  nameOf,
  type StudyFolder,
  stateOf,
  tidy,
  writeFailure,
} from './study-folder'
import { StudyProgress } from './study-progress'

const POLL_MS = 1000
/** A process that is asked to stop and does not is ended. */
const STOP_TIMEOUT_MS = 30_000
/** A process that dies without a word is started again so many times, from the line's last stored stage. */
const ATTEMPTS = 3

export interface StudyRun {
  study: StudyFolder
  lines: readonly StudyLine[]
  /** The study's file, for the lines' processes. */
  file: string
  engine: EngineName
  jobs: number
  threads: number
  isRetry: boolean
  stopping: Stopping
}

export interface StudyEnd {
  failed: { line: StudyLine; sentence: string }[]
  /** Why it stopped before its end: a full disk; null otherwise. */
  stopped: string | null
}

/** Runs to the end of all lines, or until it is asked to stop. */
export async function runStudy(run: StudyRun): Promise<StudyEnd> {
  return await new StudyRunner(run).run()
}

class StudyRunner {
  readonly #run: StudyRun
  readonly #children = new Map<string, ChildProcess>()
  readonly #deaths = new Map<string, number>()
  /** Lines that need nothing more in this session. */
  readonly #settled = new Set<string>()
  readonly #progress: StudyProgress
  #stopped: string | null = null
  #wake: () => void = () => {}

  constructor(run: StudyRun) {
    this.#run = run
    const done = run.lines.filter(({ hash, config }) => isDone(run.study.line(hash), config.selection.rounds))
    for (const { hash } of done) this.#settled.add(hash)
    this.#progress = new StudyProgress(run.lines, done)
    if (!run.isRetry) for (const { hash } of this.#failed()) this.#settled.add(hash)
    for (const { hash } of run.lines) for (const sentence of damageOf(run.study.line(hash))) console.log(sentence)
    const open = run.lines.length - this.#settled.size
    const failed = this.#settled.size - done.length
    console.log(
      `${run.lines.length} lines: ${done.length} done, ${failed} failed before, ${open} to run, ${run.jobs} at a time.`,
    )
  }

  async run(): Promise<StudyEnd> {
    const { stopping } = this.#run
    let isStopping = false
    stopping.onStop(() => {
      isStopping = true
      this.#stopChildren()
    })
    for (;;) {
      if (!isStopping && this.#stopped === null) this.#orStop(() => this.#fill())
      const isOver = isStopping || this.#stopped !== null || this.#settled.size === this.#run.lines.length
      if (this.#children.size === 0 && isOver) break
      await Promise.race([delay(POLL_MS), new Promise<void>((resolve) => (this.#wake = resolve))])
      this.#progress.tick()
    }
    this.#tidy()
    stopping.check()
    const failed = this.#failed().map((line) => ({
      line,
      sentence: failureOf(this.#run.study.line(line.hash))?.sentence ?? '',
    }))
    return { failed, stopped: this.#stopped }
  }

  /** What processes left that were killed just after their work was stored. */
  #tidy(): void {
    const { study, lines } = this.#run
    for (const { hash, firstRound, config } of lines) {
      if (isDone(study.line(hash), config.selection.rounds)) tidy(study.line(hash))
      if (isTrained(study.firstRound(firstRound))) tidy(study.firstRound(firstRound))
    }
  }

  #failed(): StudyLine[] {
    const { study, lines } = this.#run
    return lines.filter(
      ({ hash, config }) => failureOf(study.line(hash)) !== null && !isDone(study.line(hash), config.selection.rounds),
    )
  }

  /** A full disk stops everything; it is no line's fault. */
  #orStop(act: () => void): void {
    const { path } = this.#run.study
    try {
      act()
    } catch (error) {
      if (!comesOfFullDisk(error, path)) throw error
      this.#stopForFullDisk()
    }
  }

  #stopForFullDisk(): void {
    this.#stopped = new FullDiskError(this.#run.study.path).message
    this.#stopChildren()
  }

  #fill(): void {
    while (this.#children.size < this.#run.jobs) {
      const line = nextLine(this.#candidates())
      if (!line) return
      this.#start(line)
    }
  }

  #candidates(): Candidate[] {
    const { study, lines, isRetry } = this.#run
    const busy = new Set([...this.#children.keys()].map((hash) => lines.find((line) => line.hash === hash)?.firstRound))
    return lines.flatMap((line): Candidate[] => {
      if (this.#settled.has(line.hash) || this.#children.has(line.hash)) return []
      const state = stateOf(study, line)
      // Another machine has done it.
      if (state === 'done' || (state === 'failed' && !isRetry)) {
        this.#settled.add(line.hash)
        this.#progress.end(
          line,
          state === 'done' ? 'by another process' : 'failed in another process',
          state === 'done',
        )
        return []
      }
      const firstRound = study.firstRound(line.firstRound)
      const isThere = isTrained(firstRound)
      const isBusy = busy.has(line.firstRound) || isHeld(join(firstRound, 'lock.json'))
      return [
        {
          line,
          state: state === 'failed' ? 'open' : state,
          firstRound: isThere ? 'there' : isBusy ? 'held' : 'open',
        },
      ]
    })
  }

  #start(line: StudyLine): void {
    const { study, file, engine, threads } = this.#run
    makeFolder(study.line(line.hash))
    const log = openSync(join(study.line(line.hash), 'log.txt'), 'a')
    const options = ['--out', study.path, '--line', line.hash, '--engine', engine, '--threads', String(threads)]
    const child = fork(process.argv[1] ?? '', [file, ...options, '--child'], { stdio: ['ignore', log, log, 'ipc'] })
    closeSync(log)
    this.#children.set(line.hash, child)
    this.#progress.start(line)
    let end: { reason: LineEnd; sentence: string } | null = null
    child.on('message', (message: LineMessage) => {
      if (message.kind === 'progress') this.#progress.show(line, message.progress)
      else end = message
    })
    child.once('error', (error) => console.error(error))
    child.once('exit', (code, signal) => {
      this.#children.delete(line.hash)
      this.#end(line, code, signal, end)
      this.#wake()
    })
  }

  #end(
    line: StudyLine,
    code: number | null,
    signal: string | null,
    end: { reason: LineEnd; sentence: string } | null,
  ): void {
    if (code === 0) {
      this.#settled.add(line.hash)
      const last = completedRounds(this.#run.study.line(line.hash)).at(-1)
      const mIoU = last?.mIoU == null ? '' : `mIoU ${last.mIoU.toFixed(3)} at `
      this.#progress.end(line, `${mIoU}${(100 * (last?.labelledShare ?? 0)).toFixed(1)} %`, true)
    } else if (end) {
      this.#progress.end(line, end.sentence, false)
      if (end.reason === 'failed') this.#settled.add(line.hash)
      if (end.reason === 'full') this.#stopForFullDisk()
    } else this.#orStop(() => this.#endOfDead(line, signal ?? `exit status ${code}`))
  }

  #endOfDead(line: StudyLine, how: string): void {
    const deaths = (this.#deaths.get(line.hash) ?? 0) + 1
    this.#deaths.set(line.hash, deaths)
    const end = how === 'SIGTERM' ? 'was stopped before it had begun' : `ended without a word (${how})`
    const sentence = `Its process ${end}; ${join(this.#run.study.line(line.hash), 'log.txt')} may say more.`
    if (deaths >= ATTEMPTS) {
      writeFailure(this.#run.study.line(line.hash), `${sentence} It did so ${deaths} times.`)
      this.#settled.add(line.hash)
    }
    this.#progress.end(line, sentence, false)
  }

  #stopChildren(): void {
    for (const child of this.#children.values()) child.kill('SIGTERM')
    setTimeout(() => {
      for (const child of this.#children.values()) child.kill('SIGKILL')
    }, STOP_TIMEOUT_MS).unref()
  }
}

/** What failed, for the end of the log. */
export function failureText({ failed }: StudyEnd): string {
  return failed.map(({ line, sentence }) => `  ${nameOf(line)}: ${sentence}`).join('\n')
}
