import type { QueryRecord } from '../domain/round'
import type { Database } from './database'
import { strictWrite } from './database'

/** The results of a round's query so far. */
export function listQueries(db: Database, runId: string, round: number): Promise<QueryRecord[]> {
  return db.getAll('queries', IDBKeyRange.bound([runId, round], [runId, round, []]))
}

export async function putQuery(db: Database, query: QueryRecord): Promise<void> {
  await strictWrite(db, ['queries'], (transaction) => transaction.store.put(query))
}
