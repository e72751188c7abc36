/** How far a long call has come: `done` of `total` steps of its phase. */
import type { EngineReport } from './engine'
import type { Stage } from './stages'

export interface Progress {
  /** The stage of a round that runs, or the step of another long call. */
  phase: Stage | 'boot' | 'compile' | 'scan' | 'import' | 'generate' | 'download' | 'export'
  done: number
  total: number
  /** Estimated milliseconds left in this phase; absent until known. */
  etaMs?: number
  /** Round the phase belongs to, from 1. */
  round?: number
  /** Latest mean training loss, in the train phase. */
  loss?: number
  /** Name of the image that is being worked on. */
  image?: string
  /** In the boot phase: the engine with which a run continues after the last one failed. */
  engine?: EngineReport
}

export type OnProgress = (progress: Progress) => void

/**
 * Reports a phase of `total` steps: call the result with the number of steps done. The time left is estimated from the
 * pace of the steps done since this call, so `alreadyDone` ones do not count.
 */
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

/**
 * Reports of a phase at most every 100 ms, and always its last one, with the time left estimated from the pace so far.
 */
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
