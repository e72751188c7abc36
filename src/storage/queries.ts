import type { QueryRecord } from '../domain/round'
import type { Database } from './database'
import { strictWrite } from './database'

/** The results of a round's query so far. */
export function listQueries(db: Database, runId: string, round: number): Promise<QueryRecord[]> {
  return db.getAll('queries', IDBKeyRange.bound([runId, round], [runId, round, []]))
}

export function getQuery(
  db: Database,
  runId: string,
  round: number,
  imageId: string,
): Promise<QueryRecord | undefined> {
  return db.get('queries', [runId, round, imageId])
}

/** Ids of the images of which a round's query has results. */
export async function listQueriedImages(db: Database, runId: string, round: number): Promise<string[]> {
  const keys = await db.getAllKeys('queries', IDBKeyRange.bound([runId, round], [runId, round, []]))
  return keys.map(([, , imageId]) => imageId)
}

export async function deleteQueries(db: Database, runId: string, round: number): Promise<void> {
  const range = IDBKeyRange.bound([runId, round], [runId, round, []])
  await strictWrite(db, ['queries'], (transaction) => transaction.store.delete(range))
}

export async function putQuery(db: Database, query: QueryRecord): Promise<void> {
  await strictWrite(db, ['queries'], (transaction) => transaction.store.put(query))
}
