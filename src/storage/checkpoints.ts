/**
 * Checkpoints of a run in two slots that take turns, each with its SHA-256: when the newer one is damaged, the older
 * one is used.
 */
import type { CheckpointRecord } from '../domain/run'
import type { Database } from './database'
import { strictWrite } from './database'
import { sha256 } from './sha256'

/** Stores a checkpoint in the slot of the older one; resolves when it is on disk. */
export async function saveCheckpoint(
  db: Database,
  checkpoint: Pick<CheckpointRecord, 'runId' | 'round' | 'epoch' | 'bytes'>,
): Promise<void> {
  const digest = await sha256(checkpoint.bytes)
  await strictWrite(db, ['checkpoints'], async (transaction) => {
    const stored = await transaction.store.getAll(runRange(checkpoint.runId))
    const newest = newestFirst(stored)[0]
    const slot = newest?.slot === 0 ? 1 : 0
    // Strictly later than the other one, even when the clock stands still or was set back.
    const savedAt = Math.max(Date.now(), newest ? newest.savedAt + 1 : 0)
    await transaction.store.put({ ...checkpoint, slot, savedAt, sha256: digest })
  })
}

/**
 * The newest undamaged checkpoint of a run, or null when there is none. A damaged one is removed, so that the next save
 * takes its slot and the good one stays.
 */
export async function loadCheckpoint(db: Database, runId: string): Promise<CheckpointRecord | null> {
  for (const checkpoint of newestFirst(await db.getAll('checkpoints', runRange(runId)))) {
    if ((await sha256(checkpoint.bytes)) === checkpoint.sha256) return checkpoint
    await strictWrite(db, ['checkpoints'], (transaction) => transaction.store.delete([runId, checkpoint.slot]))
  }
  return null
}

function runRange(runId: string): IDBKeyRange {
  return IDBKeyRange.bound([runId], [runId, []])
}

function newestFirst(checkpoints: CheckpointRecord[]): CheckpointRecord[] {
  return checkpoints.sort((a, b) => b.savedAt - a.savedAt)
}
