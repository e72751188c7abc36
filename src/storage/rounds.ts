import type { RoundRecord } from '../domain/round'
import { type Studio, strictWrite } from './database'

export function getRound(db: Studio, runId: string, index: number): Promise<RoundRecord | undefined> {
  return db.get('rounds', [runId, index])
}

/** Rounds of a run, the first first. */
export function listRounds(db: Studio, runId: string): Promise<RoundRecord[]> {
  return db.getAll('rounds', IDBKeyRange.bound([runId], [runId, []]))
}

export async function putRound(db: Studio, round: RoundRecord): Promise<void> {
  await strictWrite(db, ['rounds'], (transaction) => transaction.store.put(round))
}
