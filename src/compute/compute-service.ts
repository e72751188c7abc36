/** The compute worker's service: boots an engine once and runs the round loop on it. */
import type { FirstRound, RunRecord } from '../domain/run'
import { engineBytes } from '../engine/memory'
import type { ComputeApi, NewRun } from '../rpc/contract'
import { type Database, openDatabase, withDatabase } from '../storage/database'
import { putFirstRound } from '../storage/first-rounds'
import { withProjectLock } from '../storage/project-lock'
import { getProject } from '../storage/projects'
import { deleteRun, getRun, putRun, renameRun } from '../storage/runs'
import { getWeights } from '../storage/weights'
import { checkConfig } from './check-config'
import { EngineKeeper } from './engine-keeper'
import { initialWeights, withWeights } from './initial-weights'
import { runToEnd } from './run-to-end'
import { suggestExtension } from './suggest-extension'
import { surveyTruth } from './survey-truth'

/** `openLoader` opens the worker that makes batches beside the training; when null, they are made in this thread. */
export function computeService(openLoader: (() => Worker) | null = null): ComputeApi {
  const keeper = new EngineKeeper()
  return {
    boot: (request) => keeper.boot(request),
    createRun: (request) => withDatabase((db) => createRun(db, request)),
    run: async ({ runId }, onProgress, signal) => {
      const db = await openDatabase()
      const run = await getRun(db, runId)
      return withProjectLock(run.projectId, () => runToEnd({ db, run, keeper, onProgress, signal, openLoader }))
    },
    renameRun: ({ runId, name }) => withDatabase((db) => renameRun(db, runId, name)),
    deleteRun: ({ runId }) => withDatabase((db) => deleteRun(db, runId)),
    extend: async ({ runId, imageId }) => {
      await keeper.healthy()
      return withDatabase((db) => suggestExtension(db, runId, imageId))
    },
    memory: async () => (keeper.isUp ? engineBytes() : null),
  }
}

async function createRun(db: Database, { projectId, config, name, firstRound }: NewRun): Promise<RunRecord> {
  const project = await getProject(db, projectId)
  checkConfig(config, project, null)
  const truth = config.annotator === 'person' ? null : await surveyTruth(db, project, config.size)
  if (truth) checkConfig(config, project, truth)
  const weights = config.weights ? await getWeights(db, config.weights) : null
  const fitted = weights ? withWeights(config, weights) : config
  await initialWeights(db, fitted)
  const id = crypto.randomUUID()
  if (firstRound) await putFirstRound(db, id, firstRound)
  const run: RunRecord = {
    id,
    projectId,
    createdAt: Date.now(),
    config: fitted,
    ...(firstRound && { firstRound: withoutCheckpoint(firstRound) }),
    classCount: project.classes.length,
    initialWeights: weights && { name: weights.name, sha256: weights.key, source: weights.source },
    status: 'ready',
    round: 0,
    stage: 'train',
    engine: null,
    failure: null,
    ...(truth && truth.voidImages.length > 0 ? { voidImages: truth.voidImages } : {}),
  }
  await putRun(db, run)
  return name === undefined ? run : renameRun(db, id, name)
}

function withoutCheckpoint({ checkpoint, ...facts }: FirstRound): Omit<FirstRound, 'checkpoint'> {
  return facts
}
