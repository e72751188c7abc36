/** Brings one run from its present state to its end, over failures of the engine after which it can go on by itself. */

import type { EngineReport } from '../domain/engine'
import { AppError, toAppError } from '../domain/errors'
import type { OnProgress } from '../domain/progress'
import type { RunRecord } from '../domain/run'
import { memoryFailure } from '../engine/memory'
import { checkEngine, engineFailure, setWorkShare } from '../engine/webgpu'
import { rasterReader } from '../loader/rasters'
import { withEffort } from '../loop/effort'
import { runLoop } from '../loop/run-loop'
import type { RunStore } from '../loop/run-store'
import { createLearner } from '../model/tf-learner'
import type { Database } from '../storage/database'
import { getProject } from '../storage/projects'
import { updateRun } from '../storage/runs'
import { checkChoices } from './check-config'
import type { EngineKeeper } from './engine-keeper'
import { openRunStore } from './indexed-run-store'
import { initialWeights } from './initial-weights'
import { planRecovery } from './recovery'

export interface RunRequest {
  db: Database
  run: RunRecord
  keeper: EngineKeeper
  onProgress: OnProgress
  signal: AbortSignal
  /** See `openRunStore`. */
  openLoader: (() => Worker) | null
}

/**
 * Rejects with AbortError when paused, and with an AppError when it cannot go on; the run can be continued after both.
 */
export async function runToEnd({ db, run, keeper, onProgress, signal, openLoader }: RunRequest): Promise<RunRecord> {
  if (run.status === 'done') return run
  const { classes } = await getProject(db, run.projectId)
  const memoryFailures = { training: 0, query: 0 }
  try {
    checkChoices(run.config)
    let engine = await keeper.healthy()
    Object.assign(run, { status: 'running', engine, failure: null } satisfies Partial<RunRecord>)
    await updateRun(db, run)
    for (;;) {
      const store = checkedStore(await openRunStore(db, run, rasterReader(db, run.config.size), openLoader))
      try {
        await attempt({ db, run, classCount: run.classCount ?? classes.length, store, onProgress, signal })
        return run
      } catch (error) {
        engine = await recover(error, { db, run, engine, keeper, store, memoryFailures, signal })
        onProgress({ phase: 'boot', done: 1, total: 1, round: run.round, engine })
      }
    }
  } catch (error) {
    await recordStop(db, run, error)
    throw toAppError(error)
  }
}

interface Attempt extends Omit<RunRequest, 'keeper' | 'openLoader'> {
  classCount: number
  store: RunStore
}

async function attempt({ db, run, classCount, store, onProgress, signal }: Attempt): Promise<void> {
  const config = withEffort(run.config, run.effort)
  setWorkShare(run.effort?.share ?? 1)
  const learner = createLearner(config, classCount, await initialWeights(db, config))
  try {
    const round = Math.max(1, run.round)
    await learner.compile((done, total) => onProgress({ phase: 'compile', done, total, round }))
    await runLoop({ run, classCount, store, learner, onProgress, signal })
  } finally {
    learner.dispose()
  }
}

interface Failed extends Omit<RunRequest, 'onProgress' | 'openLoader'> {
  engine: EngineReport
  store: RunStore
  memoryFailures: { training: number; query: number }
}

/** Boots the engine on which the run goes on and notes why; throws the error that stops the run. */
async function recover(thrown: unknown, failed: Failed): Promise<EngineReport> {
  const { db, run, engine, keeper, store, memoryFailures, signal } = failed
  if (signal.aborted) throw thrown
  const failure = await causeOf(thrown, engine)
  if (!(failure instanceof AppError)) throw failure
  if (failure.code === 'device_lost') keeper.losses++
  const checkpoint = await store.loadCheckpoint()
  const plan = planRecovery(failure, {
    run,
    engine: engine.engine,
    isForced: keeper.isForced,
    losses: keeper.losses,
    memoryFailures,
    epochsDone: checkpoint?.round === run.round ? checkpoint.epoch : 0,
  })
  if (!plan) throw failure
  if (plan.kind === 'stop') throw plan.error
  if (failure.code === 'out_of_memory') memoryFailures[run.stage === 'train' ? 'training' : 'query']++
  const next = await (plan.engine === 'wasm' ? keeper.switchToWasm() : keeper.reboot())
  run.engine = next
  run.effort = plan.effort
  run.incidents = [...(run.incidents ?? []), { at: Date.now(), code: failure.code, sentence: plan.sentence }]
  await updateRun(db, run)
  return next
}

/**
 * The cause of a failure. A lost device makes calls fail in many ways, a rejected read for example, so the engine is
 * asked first.
 */
async function causeOf(thrown: unknown, { engine }: EngineReport): Promise<Error> {
  const isKnown = thrown instanceof AppError && (thrown.code === 'device_lost' || thrown.code === 'out_of_memory')
  if (isKnown) return thrown
  return (await engineFailure()) ?? memoryFailure(thrown, engine) ?? toAppError(thrown)
}

/** A store that asks the engine before every commit, so that nothing computed by a failing device is stored. */
function checkedStore(store: RunStore): RunStore {
  const checked =
    <Value>(commit: (value: Value) => Promise<void>) =>
    async (value: Value) => {
      await checkEngine()
      await commit(value)
    }
  return {
    ...store,
    commitLabels: checked(store.commitLabels),
    commitQuery: checked(store.commitQuery),
    commitLayers: checked(store.commitLayers),
    saveCheckpoint: checked(store.saveCheckpoint),
  }
}

/** A pause leaves the run 'paused', anything else 'failed' with its sentence; both continue from what is committed. */
async function recordStop(db: Database, run: RunRecord, error: unknown): Promise<void> {
  const failure = toAppError(error)
  const isPause = !(failure instanceof AppError)
  run.status = isPause ? 'paused' : 'failed'
  run.failure =
    failure instanceof AppError ? { message: failure.message, remedy: failure.remedy, code: failure.code } : null
  await updateRun(db, run)
}
