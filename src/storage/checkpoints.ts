/**
 * Checkpoints of a run in two slots that take turns, each with its SHA-256: when the newer one is damaged, the older
 * one is used. A third slot keeps the end of the first round.
 */
import { AppError } from '../domain/errors'
import type { CheckpointRecord } from '../domain/run'
import type { Database } from './database'
import { strictWrite } from './database'
import { sha256 } from './sha256'

const FIRST_ROUND = 2

/** Stores a checkpoint in the slot of the older one; resolves when it is on disk. */
export async function saveCheckpoint(
  db: Database,
  checkpoint: Pick<CheckpointRecord, 'runId' | 'round' | 'epoch' | 'bytes'>,
): Promise<void> {
  const digest = await sha256(checkpoint.bytes)
  if (checkpoint.round === 2 && checkpoint.epoch === 1) await keepFirstRound(db, checkpoint.runId)
  await strictWrite(db, ['checkpoints'], async (transaction) => {
    const stored = await transaction.store.getAll(runRange(checkpoint.runId))
    const newest = inTurns(stored)[0]
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
  for (const checkpoint of inTurns(await db.getAll('checkpoints', runRange(runId)))) {
    if (await isWhole(checkpoint)) return checkpoint
    await strictWrite(db, ['checkpoints'], (transaction) => transaction.store.delete([runId, checkpoint.slot]))
  }
  return null
}

/** The last checkpoint of the first round; null when it is damaged, or was never kept. */
export async function loadFirstCheckpoint(db: Database, runId: string): Promise<CheckpointRecord | null> {
  const kept = await db.get('checkpoints', [runId, FIRST_ROUND])
  if (kept) return (await isWhole(kept)) ? kept : null
  const newest = await loadCheckpoint(db, runId)
  return newest?.round === 1 ? newest : null
}

/** Where the disk is full, the run goes on without: the copy is of use to other runs only. */
async function keepFirstRound(db: Database, runId: string): Promise<void> {
  try {
    await strictWrite(db, ['checkpoints'], async (transaction) => {
      const newest = inTurns(await transaction.store.getAll(runRange(runId)))[0]
      if (newest?.round === 1) await transaction.store.put({ ...newest, slot: FIRST_ROUND })
    })
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'quota_exceeded')) throw error
  }
}

async function isWhole({ bytes, sha256: digest }: CheckpointRecord): Promise<boolean> {
  return (await sha256(bytes)) === digest
}

function runRange(runId: string): IDBKeyRange {
  return IDBKeyRange.bound([runId], [runId, []])
}

/** Those of the two slots that take turns, the newest first. */
function inTurns(checkpoints: CheckpointRecord[]): CheckpointRecord[] {
  return checkpoints.filter(({ slot }) => slot !== FIRST_ROUND).sort((a, b) => b.savedAt - a.savedAt)
}
