import { type LabelRecord, type LabelShare, labelShare } from '../domain/labels'
import { type Database, strictWrite } from './database'
import { eachRecord } from './lost-records'

export function getLabels(db: Database, runId: string, imageId: string): Promise<LabelRecord | undefined> {
  return db.get('labels', [runId, imageId])
}

/** Ids of the images of a run that have a label record. */
export async function listLabelledImages(db: Database, runId: string): Promise<string[]> {
  const keys = await db.getAllKeys('labels', IDBKeyRange.bound([runId], [runId, []]))
  return keys.map(([, imageId]) => imageId)
}

/** Commits label records in one strict transaction. */
export async function putLabels(db: Database, records: readonly LabelRecord[]): Promise<void> {
  await strictWrite(db, ['labels'], (transaction) =>
    Promise.all(records.map((record) => transaction.store.put(record))),
  )
}

export async function deleteLabels(db: Database, runId: string, imageId: string): Promise<void> {
  await strictWrite(db, ['labels'], (transaction) => transaction.store.delete([runId, imageId]))
}

/** Label shares of a run's images, read one record at a time; lost records are left out. */
export async function listLabelShares(db: Database, runId: string): Promise<LabelShare[]> {
  const shares: LabelShare[] = []
  const range = IDBKeyRange.bound([runId], [runId, []])
  for await (const [, record] of eachRecord(db, 'labels', range)) if (record) shares.push(labelShare(record))
  return shares
}
