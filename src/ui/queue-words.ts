/** Sentences about a queue of regions, and about the run behind it. */
import type { Progress } from '../domain/progress'
import type { RunStatus } from '../domain/run'
import { count } from './format'

/** What a run does that is computing. */
export function doing(phase: Progress['phase'] | 'start'): string {
  if (phase === 'evaluate') return 'the network is being measured'
  if (phase === 'rate' || phase === 'entropy' || phase === 'select' || phase === 'annotate')
    return 'the next regions are being chosen'
  return 'the network is training'
}

/** Why a run that is to train does not. */
export function standing(status: RunStatus): string {
  if (status === 'paused') return 'the run is paused'
  if (status === 'failed') return 'the run has stopped'
  return 'the run was interrupted'
}

interface QueueCount {
  /** Number of the round's regions, without those ahead. */
  asked: number
  /** How many of them have an answer other than 'skipped'. */
  finished: number
  /** Regions without any answer, those ahead among them. */
  left: number
}

/** @param run `doing` or `standing` */
export function goingOn({ asked, finished, left }: QueueCount, run: string): string {
  const more = left > 0 ? `${left} more to go on with` : 'nothing more to go on with yet'
  if (asked === 0) return `${run.charAt(0).toUpperCase()}${run.slice(1)}; ${more}.`
  return `${finished} of ${count(asked, 'region')}; ${run}, ${more}.`
}
