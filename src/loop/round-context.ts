/** The data that every stage of a round gets. */

import type { Method } from '../cpral/methods'
import type { CpralConfig } from '../domain/config'
import type { OnProgress } from '../domain/progress'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { Timed } from '../domain/stages'
import type { Learner } from './learner'
import type { RunStore } from './run-store'

/** `run` and `record` are changed in memory and committed by `commit`. */
export interface RoundContext {
  config: CpralConfig
  method: Method
  /** Class ids are 0..classCount-1. */
  classCount: number
  run: RunRecord
  record: RoundRecord
  store: RunStore
  learner: Learner
  onProgress: OnProgress
  signal: AbortSignal
  /** The learner holds the round's trained network, folded for inference. */
  isReadyForInference: boolean
  commit(): Promise<void>
  addSeconds(part: Timed, milliseconds: number): void
}

/** A stage that cannot go on without a person ends with 'wait'. */
export type StageOutcome = 'done' | 'wait'
