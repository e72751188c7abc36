import type { OnProgress, Progress } from '../domain/stages'

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
