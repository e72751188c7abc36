/** The steps of the pipeline on the screen, for the current round. */

import type { Progress } from '../domain/progress'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { LAST_ROUND_STAGES, STAGES, type Stage, stageOf } from '../domain/stages'

export type StepStatus = 'pending' | 'active' | 'done' | 'skipped'

export interface Step {
  stage: Stage
  status: StepStatus
  progress: Progress | null
  seconds: number | null
}

interface Live {
  round: number
  stages: Partial<Record<Stage, Progress>>
  /** Phase of the latest progress. */
  phase: Progress['phase'] | null
}

/**
 * Steps of the run's current round. Seconds come from the stored round, progress from the live run (null while it does not run).
 */
export function pipeline(run: RunRecord, round: RoundRecord | null, live: Live | null): Step[] {
  const isLast = run.round >= run.config.selection.rounds
  const current = STAGES.indexOf(stageOf(run.stage))
  const isLive = live !== null && (live.round === 0 || live.round === run.round)
  const furthest = isLive ? Math.max(-1, ...STAGES.map((stage, index) => (stage in live.stages ? index : -1))) : -1
  const at = Math.max(run.status === 'done' ? STAGES.length : current, furthest)
  return STAGES.map((stage, index) => {
    const progress = (isLive && live.stages[stage]) || null
    const seconds = (round && secondsOf(round, stage)) || null
    return { stage, progress, seconds, status: statusOf() }

    function statusOf(): StepStatus {
      if (isLast && !LAST_ROUND_STAGES.includes(stage)) return 'skipped'
      if (round?.isComplete) return seconds === null ? 'skipped' : 'done'
      if (isLive && live.phase === stage) return 'active'
      if (progress && progress.done < progress.total) return 'active'
      if (index < at) return progress || seconds !== null ? 'done' : 'skipped'
      return 'pending'
    }
  })
}

/** Attention is part of 'entropy'. */
function secondsOf({ seconds }: RoundRecord, stage: Stage): number {
  return seconds[stage] + (stage === 'entropy' ? seconds.attend : 0)
}
