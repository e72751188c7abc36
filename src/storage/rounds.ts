import type { RoundRecord } from '../domain/round'
import type { Database } from './database'
import { strictWrite } from './database'

export function getRound(db: Database, runId: string, index: number): Promise<RoundRecord | undefined> {
  return db.get('rounds', [runId, index])
}

/** Rounds of a run, oldest first. */
export function listRounds(db: Database, runId: string): Promise<RoundRecord[]> {
  return db.getAll('rounds', IDBKeyRange.bound([runId], [runId, []]))
}

export async function putRound(db: Database, round: RoundRecord): Promise<void> {
  await strictWrite(db, ['rounds'], (transaction) => transaction.store.put(round))
}
