/** The trained first round of a run, out of one run's records and into another's. */
import type { FirstRound } from '../domain/run'
import { loadFirstCheckpoint, saveCheckpoint } from './checkpoints'
import type { Database } from './database'
import { getRound } from './rounds'

/** The first round of a run as it was trained; null before it is, and in runs from before it was kept. */
export async function getFirstRound(db: Database, runId: string): Promise<FirstRound | null> {
  const round = await getRound(db, runId, 1)
  const checkpoint = await loadFirstCheckpoint(db, runId)
  // The stages after training begin with the last epoch's checkpoint.
  const isTrained = round !== undefined && (round.evaluation !== null || round.subset.length > 0 || round.isComplete)
  if (!round || !isTrained || checkpoint?.round !== 1 || checkpoint.epoch !== round.losses.length) return null
  const { losses, labelledSeen, steps, seconds } = round
  return { losses, ...(labelledSeen && { labelledSeen }), steps, seconds: seconds.train, checkpoint: checkpoint.bytes }
}

/** Gives a run that has not begun a trained first round: its training goes on after the last epoch. */
export function putFirstRound(db: Database, runId: string, { losses, checkpoint }: FirstRound): Promise<void> {
  return saveCheckpoint(db, { runId, round: 1, epoch: losses.length, bytes: checkpoint })
}
