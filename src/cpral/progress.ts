import type { OnProgress, Progress } from '../domain/stages'

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
