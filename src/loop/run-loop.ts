/**
 * The loop of the paper's "Overall Pipeline": train, rate, query regions, annotate, extend, and round again until the
 * budget is spent. Everything a stage decides is committed before the next begins, and every stage is a pure function
 * of what is committed, so a killed run continues with the last finished epoch or image and ends the same.
 */

import { METHODS } from '../cpral/methods'
import type { CpralConfig } from '../domain/config'
import { countLabelled } from '../domain/labels'
import type { OnProgress } from '../domain/progress'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { LAST_ROUND_STAGES, noSeconds, STAGES, type Stage, stageOf } from '../domain/stages'
import { annotateInitialPool, annotateStage, countInitialNoise, extendStage } from './annotation-stages'
import { withEffort } from './effort'
import type { Learner } from './learner'
import { personStage, takeAhead, takeInitialLabels } from './person-stages'
import { forgetPoolScores } from './pool-query'
import { entropyStage, selectStage } from './query-stages'
import { rateStage } from './rate-stage'
import type { RoundContext } from './round-context'
import type { RunStore } from './run-store'
import { evaluateStage, trainStage } from './training-stages'

/** One that ends with 'wait' cannot go on without a person. */
const WORK: Readonly<Record<Stage, (context: RoundContext) => Promise<unknown>>> = {
  train: trainStage,
  evaluate: evaluateStage,
  rate: async (context) => {
    if (isByPerson(context.config)) await takeAhead(context)
    await rateStage(context)
  },
  entropy: entropyStage,
  select: selectStage,
  annotate: async (context) => {
    await forgetPoolScores(context)
    return isByPerson(context.config) ? personStage(context) : annotateStage(context)
  },
  extend: extendStage,
}

export interface LoopRequest {
  run: RunRecord
  classCount: number
  store: RunStore
  learner: Learner
  onProgress: OnProgress
  signal: AbortSignal
}

/**
 * Runs until the last round is complete, or a person has to label (status 'waiting'). Rejects with AbortError when
 * paused; nothing that was committed is lost.
 */
export async function runLoop(request: LoopRequest): Promise<void> {
  const { run, store, classCount } = request
  const { rounds } = run.config.selection
  if (run.round === 0) {
    if (isByPerson(run.config)) {
      if ((await takeInitialLabels(store, run)) === 'wait') return wait(store, run)
    } else await annotateInitialPool(store, run, classCount)
    run.round = 1
    run.stage = 'train'
  }
  while (run.round <= rounds) {
    const record = (await store.round(run.round)) ?? (await newRound(run, store))
    const context = makeContext(request, record)
    await context.commit()
    const isLast = run.round === rounds
    const stages = isLast ? LAST_ROUND_STAGES : STAGES
    for (const stage of stages.slice(Math.max(0, stages.indexOf(stageOf(run.stage))))) {
      request.signal.throwIfAborted()
      run.stage = stage
      const outcome = await WORK[stage](context)
      const waits = outcome === 'wait'
      if (waits) run.status = 'waiting'
      await context.commit()
      if (waits) return
    }
    record.isComplete = true
    if (isLast) run.status = 'done'
    else {
      run.round++
      run.stage = 'train'
    }
    await store.commitRound(record, run)
    if (isLast) return
  }
}

function isByPerson({ annotator }: CpralConfig): boolean {
  return annotator === 'person'
}

async function wait(store: RunStore, run: RunRecord): Promise<void> {
  run.status = 'waiting'
  await store.commitRun(run)
}

function makeContext({ run, classCount, store, learner, onProgress, signal }: LoopRequest, record: RoundRecord) {
  const context: RoundContext = {
    config: withEffort(run.config, run.effort),
    method: METHODS[run.config.selection.method],
    classCount,
    run,
    record,
    store,
    learner,
    onProgress: (progress) => onProgress({ ...progress, round: record.index }),
    signal,
    isReadyForInference: false,
    commit: () => store.commitRound(record, run),
    addSeconds: (part, milliseconds) => {
      record.seconds[part] += milliseconds / 1000
    },
  }
  return context
}

async function newRound(run: RunRecord, store: RunStore): Promise<RoundRecord> {
  const { height, width } = run.config.size
  const labelled = await store.labelledImages()
  const trainImages = store.pool.filter(({ id }) => labelled.has(id)).map(({ id }) => id)
  let labelledPixels = 0
  for (const id of trainImages) {
    const labels = await store.labels(id)
    if (labels) labelledPixels += countLabelled(labels.provenance)
  }
  const previous = run.round > 1 ? await store.round(run.round - 1) : undefined
  const trained = run.round === 1 ? run.firstRound : undefined
  const noise = previous ? undefined : await countInitialNoise(store, run)
  return {
    runId: run.id,
    index: run.round,
    labelledPixels,
    poolPixels: store.pool.length * height * width,
    trainImages,
    steps: trained?.steps ?? 0,
    losses: trained?.losses ?? [],
    ...(trained?.labelledSeen && { labelledSeen: trained.labelledSeen }),
    evaluation: null,
    subset: [],
    regions: [],
    selectedClassPixels: [],
    poolClassPixels: previous?.poolClassPixels ?? [],
    extension: null,
    ...(noise && { noise }),
    seconds: { ...noSeconds(), train: trained?.seconds ?? 0 },
    isComplete: false,
  }
}
