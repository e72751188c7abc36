/**
 * The loop of the paper's "Overall Pipeline": train, rate, query regions, annotate, extend, and round again until the budget
 * is spent (spec section 1). Everything a stage decides is committed before the next begins, and every stage is a pure
 * function of what is committed, so a killed run continues with the last finished epoch or image and ends the same.
 */
import type { CpralConfig } from '../domain/config'
import { countLabelled } from '../domain/labels'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { OnProgress, Stage } from '../domain/stages'
import { annotateInitialPool, annotateStage, extendStage } from './annotation-stages'
import { withEffort } from './effort'
import type { Learner } from './learner'
import { METHODS, type Method } from './methods'
import { personStage, takeInitialLabels } from './person-stages'
import { regionsStage, subsetStage } from './query-stages'
import type { RunStore } from './run-store'
import { evaluateStage, trainStage } from './training-stages'

/** What every stage sees. `run` and `record` are mutated in memory and committed by `commit`. */
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
  /** The round's trained network is in the learner, folded for inference. */
  isReadyForInference: boolean
  commit(): Promise<void>
  /** Adds wall time to a stage. */
  addSeconds(stage: Stage, milliseconds: number): void
}

/** A stage that ends with the outcome 'wait' cannot go on without a person. */
const STAGES: Record<Stage, (context: RoundContext) => Promise<unknown>> = {
  train: trainStage,
  evaluate: evaluateStage,
  rate: subsetStage,
  // The committee's entropy and its attention come from one chain on the device, image by image.
  entropy: regionsStage,
  attend: async () => {},
  select: async () => {},
  annotate: (context) => (isByPerson(context.config) ? personStage(context) : annotateStage(context)),
  extend: extendStage,
}

const ORDER = Object.keys(STAGES) as Stage[]

export interface LoopRequest {
  run: RunRecord
  classCount: number
  store: RunStore
  learner: Learner
  onProgress: OnProgress
  signal: AbortSignal
}

/** Runs until the last round is complete, or a person has to label (status 'waiting'). Rejects with AbortError when paused; nothing committed is lost. */
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
    const stages = isLast ? ORDER.slice(0, 2) : ORDER
    for (const stage of stages.slice(Math.max(0, stages.indexOf(run.stage)))) {
      request.signal.throwIfAborted()
      run.stage = stage
      const outcome = await STAGES[stage](context)
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
    addSeconds: (stage, milliseconds) => {
      record.seconds[stage] += milliseconds / 1000
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
  return {
    runId: run.id,
    index: run.round,
    labelledPixels,
    poolPixels: store.pool.length * height * width,
    trainImages,
    steps: 0,
    losses: [],
    evaluation: null,
    subset: [],
    regions: [],
    selectedClassPixels: [],
    poolClassPixels: previous?.poolClassPixels ?? [],
    extension: null,
    seconds: { train: 0, evaluate: 0, rate: 0, entropy: 0, attend: 0, select: 0, annotate: 0, extend: 0 },
    isComplete: false,
  }
}
