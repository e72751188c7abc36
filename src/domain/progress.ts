/** How far a long call has come. */
import type { EngineReport } from './engine'
import type { Stage } from './stages'

export interface Progress {
  /** What is being done: a stage of the round, or a step of another long call. */
  phase: Stage | 'boot' | 'compile' | 'scan' | 'import' | 'generate' | 'download' | 'export'
  done: number
  total: number
  /** Estimated milliseconds left in this phase; absent until known. */
  etaMs?: number
  /** Round the phase belongs to, from 1. */
  round?: number
  /** Latest mean training loss, in the train phase. */
  loss?: number
  /** Image at hand. */
  image?: string
  /** In the boot phase: the engine that a run goes on with after the one before failed. */
  engine?: EngineReport
}

export type OnProgress = (progress: Progress) => void

/** Counts done items of a phase and estimates the time left from the pace so far in this process. */
export function startProgress(onProgress: OnProgress, phase: Progress['phase'], total: number, alreadyDone = 0) {
  const start = performance.now()
  onProgress({ phase, done: alreadyDone, total })
  return (done: number, details: Pick<Progress, 'image' | 'loss'> = {}) => {
    const elapsed = performance.now() - start
    const finished = done - alreadyDone
    const eta = finished > 0 ? { etaMs: (elapsed / finished) * (total - done) } : {}
    onProgress({ phase, done, total, ...eta, ...details })
  }
}

const INTERVAL_MS = 100

/** Passes on at most one report every 100 ms, always the last of a phase, with the time left from the pace so far. */
export function pacedProgress(onProgress: OnProgress, phase: Progress['phase']): OnProgress {
  const startedAt = performance.now()
  let reportedAt = Number.NEGATIVE_INFINITY
  return (progress) => {
    const now = performance.now()
    const isLast = progress.done >= progress.total
    if (!isLast && now - reportedAt < INTERVAL_MS) return
    reportedAt = now
    const pace = progress.done > 0 ? (now - startedAt) / progress.done : null
    onProgress({ ...progress, phase, ...(pace !== null && { etaMs: pace * (progress.total - progress.done) }) })
  }
}
