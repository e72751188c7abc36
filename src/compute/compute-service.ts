/** The compute worker's service: boots an engine once and runs the round loop on it. */
import type { CpralConfig } from '../cpral/config'
import { runLoop } from '../cpral/run-loop'
import type { RunStore } from '../cpral/run-store'
import { bootEngine } from '../engine/boot'
import { checkEngine, closeWebGpu } from '../engine/webgpu'
import { createLearner } from '../model/tf-learner'
import type { ComputeApi, EngineReport, OnProgress } from '../rpc/contract'
import { AppError, toAppError } from '../rpc/errors'
import { openStudio, type Studio, withStudio } from '../storage/database'
import { openRunStore } from '../storage/indexed-run-store'
import { withProjectLock } from '../storage/project-lock'
import { getProject } from '../storage/projects'
import { rasterReader } from '../storage/rasters'
import { deleteRun, getRun, putRun } from '../storage/runs'
import type { RunRecord } from '../storage/schema'
import { getWeights } from '../storage/weights'
import { checkConfig } from './check-config'
import { initialWeights, withWeights } from './initial-weights'

export function computeService(): ComputeApi {
  let engine: Promise<EngineReport> | null = null
  // What the page asked for at first: a reboot after a lost device asks for the same.
  let wanted: Parameters<ComputeApi['boot']>[0] = {}
  const boot: ComputeApi['boot'] = (request) => {
    if (request.engine) wanted = request
    const booted =
      engine ??
      bootEngine(wanted).catch((error: unknown) => {
        engine = null
        throw toAppError(error)
      })
    engine = booted
    return booted
  }
  return {
    boot,
    createRun: ({ projectId, config }) => withStudio((db) => createRun(db, projectId, config)),
    run: async ({ runId }, onProgress, signal) => {
      const report = await boot({})
      const db = await openStudio()
      const run = await getRun(db, runId)
      try {
        return await withProjectLock(run.projectId, () => runToEnd(db, run, report, onProgress, signal))
      } catch (error) {
        // The next run boots on a new device.
        if (error instanceof AppError && error.code === 'device_lost') {
          closeWebGpu()
          engine = null
        }
        throw error
      }
    },
    deleteRun: ({ runId }) => withStudio((db) => deleteRun(db, runId)),
  }
}

async function createRun(db: Studio, projectId: string, config: CpralConfig): Promise<RunRecord> {
  checkConfig(config, await getProject(db, projectId))
  const weights = config.weights ? await getWeights(db, config.weights) : null
  const fitted = weights ? withWeights(config, weights) : config
  await initialWeights(db, fitted)
  const run: RunRecord = {
    id: crypto.randomUUID(),
    projectId,
    createdAt: Date.now(),
    config: fitted,
    initialWeights: weights && { name: weights.name, sha256: weights.key, source: weights.source },
    status: 'ready',
    round: 0,
    stage: 'train',
    engine: null,
    failure: null,
  }
  await putRun(db, run)
  return run
}

async function runToEnd(
  db: Studio,
  run: RunRecord,
  engine: EngineReport,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<RunRecord> {
  if (run.status === 'done') return run
  const { classes } = await getProject(db, run.projectId)
  Object.assign(run, { status: 'running', engine, failure: null } satisfies Partial<RunRecord>)
  await putRun(db, run)
  try {
    const learner = createLearner(run.config, classes.length, await initialWeights(db, run.config))
    try {
      const store = checkedStore(await openRunStore(db, run, rasterReader(db, run.config.size)))
      await runLoop({ run, classCount: classes.length, store, learner, onProgress, signal })
    } finally {
      learner.dispose()
    }
  } catch (error) {
    await recordStop(db, run, error)
    throw toAppError(error)
  }
  return run
}

/** Nothing that a failing device computed is ever stored: the engine is asked before each commit of results. */
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
async function recordStop(db: Studio, run: RunRecord, error: unknown): Promise<void> {
  const failure = toAppError(error)
  const isPause = !(failure instanceof AppError)
  run.status = isPause ? 'paused' : 'failed'
  run.failure = failure instanceof AppError ? { message: failure.message, remedy: failure.remedy } : null
  await putRun(db, run)
}
