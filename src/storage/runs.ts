import { AppError } from '../domain/errors'
import type { LabelRecord } from '../domain/labels'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { Database } from './database'
import { type StoreName, strictWrite } from './database'
import { freeName, tidyName } from './names'

/** The stores with records of a run. */
export const RUN_STORES = [
  'runs',
  'rounds',
  'labels',
  'layers',
  'queries',
  'answers',
  'checkpoints',
] as const satisfies StoreName[]

/** @throws AppError `not_found` */
export async function getRun(db: Database, runId: string): Promise<RunRecord> {
  const run = await db.get('runs', runId)
  if (!run) throw gone(runId)
  return run
}

function gone(runId: string): AppError {
  return new AppError('not_found', `Run ${runId} is not there any more.`, 'Choose another run.')
}

/** Runs of a project, the newest first. */
export async function listRuns(db: Database, projectId: string): Promise<RunRecord[]> {
  const runs = await db.getAllFromIndex('runs', 'projectId', projectId)
  return runs.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
}

export async function putRun(db: Database, run: RunRecord): Promise<void> {
  await strictWrite(db, ['runs'], (transaction) => transaction.store.put(run))
}

/**
 * Gives the run a name: on one line, of at most 200 characters, with a number behind it when another run of the project
 * has it.
 * @throws AppError `bad_config` when nothing is left of the name, `not_found`
 */
export async function renameRun(db: Database, runId: string, name: string): Promise<RunRecord> {
  const line = tidyName(name, 'run')
  return strictWrite(db, ['runs'], async (transaction) => {
    const run = await transaction.store.get(runId)
    if (!run) throw gone(runId)
    const runs = await transaction.store.index('projectId').getAll(run.projectId)
    const others = runs.filter(({ id }) => id !== runId).map((other) => other.name)
    const renamed = { ...run, name: freeName(line, others) }
    await transaction.store.put(renamed)
    return renamed
  })
}

/** Labels of an image that a run takes from people; null takes the image out of the labelled ones. */
interface TakenLabels {
  imageId: string
  labels: LabelRecord | null
}

/**
 * Stores a run's state, its current round, and labels that the round counts, all or nothing. The stored name stays: somebody may have given it since the run was read.
 * A run that was deleted meanwhile does not come back, and records that it has written since are removed.
 * @throws AppError `not_found`
 */
export async function updateRun(db: Database, run: RunRecord, round?: RoundRecord, taken?: TakenLabels): Promise<void> {
  const isThere = await strictWrite(db, ['runs', 'rounds', 'labels'], async (transaction) => {
    const runs = transaction.objectStore('runs')
    const stored = await runs.get(run.id)
    if (!stored) return false
    const { name: _, ...state } = run
    const named = stored.name === undefined ? state : { ...state, name: stored.name }
    const labels = transaction.objectStore('labels')
    await Promise.all([
      runs.put(named),
      round && transaction.objectStore('rounds').put(round),
      taken && (taken.labels ? labels.put(taken.labels) : labels.delete([run.id, taken.imageId])),
    ])
    return true
  })
  if (isThere) return
  await deleteRun(db, run.id)
  throw gone(run.id)
}

/** Removes a run with its rounds, labels, layers, queries and checkpoints in one transaction. */
export async function deleteRun(db: Database, runId: string): Promise<void> {
  await strictWrite(db, [...RUN_STORES], (transaction) => Promise.all(removeRun(transaction, runId)))
}

/** A write transaction that covers at least `RUN_STORES`. */
interface RunTransaction {
  objectStore(name: (typeof RUN_STORES)[number]): { delete(key: IDBKeyRange): Promise<void> }
}

/** Removes all records of a run, as part of a transaction. */
export function removeRun(transaction: RunTransaction, runId: string): Promise<void>[] {
  // Keys are [runId, ...]: an array sorts after every number and string, so this range holds all of them.
  const range = IDBKeyRange.bound([runId], [runId, []])
  return [
    transaction.objectStore('runs').delete(IDBKeyRange.only(runId)),
    transaction.objectStore('rounds').delete(range),
    transaction.objectStore('labels').delete(range),
    transaction.objectStore('layers').delete(range),
    transaction.objectStore('queries').delete(range),
    transaction.objectStore('answers').delete(range),
    transaction.objectStore('checkpoints').delete(range),
  ]
}
