/** The data that every stage of a round gets. */

import type { Method } from '../cpral/methods'
import type { CpralConfig } from '../domain/config'
import type { OnProgress } from '../domain/progress'
import type { Region, RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { Timed } from '../domain/stages'
import { hashString, hashWords } from '../math/random'
import type { Learner } from './learner'
import type { PoolImage, RunStore } from './run-store'

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

/** What a round can choose from. */
export interface RegionQuery {
  /** Number of candidates. */
  found: number
  /** The best regions for a budget in pixels. Those of a larger one begin with the same. */
  take(budget: number): { regions: Region[]; newPixels: number }
}

/** Images of the panoptic subset, in project order. */
export function subsetImages({ record, store }: RoundContext): PoolImage[] {
  const subset = new Set(record.subset.map(({ imageId }) => imageId))
  return store.pool.filter(({ id }) => subset.has(id))
}

/** Distinguishes the Monte-Carlo passes over an image from those over others, and in other rounds. */
export function committeeSeed({ config, record }: RoundContext, image: PoolImage): number {
  return hashWords(config.seed, hashString('committee'), record.index, image.order)
}
