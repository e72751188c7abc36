import type { BaseRecord, JournalRecord, StrokeRecord } from '../domain/strokes'
import type { Database } from './database'
import { eachRecord, isLost } from './lost-records'

/**
 * An image's journal as it lies on disk, unchecked. A record is null where the browser has lost it, undefined where
 * there is none.
 */
export interface FoundJournal {
  journal: JournalRecord | null | undefined
  base: BaseRecord | null | undefined
  /** By number, ascending. */
  strokes: Map<number, StrokeRecord | null>
}

/** The key range of an image's strokes. */
export function strokesOf(imageId: string): IDBKeyRange {
  return IDBKeyRange.bound([imageId], [imageId, []])
}

/** Reads all of an image's journal: in one transaction or, when a record is lost, record by record. */
export async function findJournal(db: Database, imageId: string): Promise<FoundJournal> {
  const transaction = db.transaction(['journals', 'bases', 'strokes'], 'readonly')
  transaction.done.catch(() => undefined) // The reads say why.
  try {
    const [journal, base, strokes] = await Promise.all([
      transaction.objectStore('journals').get(imageId),
      transaction.objectStore('bases').get(imageId),
      transaction.objectStore('strokes').getAll(strokesOf(imageId)),
    ])
    return { journal, base, strokes: new Map(strokes.map((stroke) => [stroke.seq, stroke])) }
  } catch (error) {
    if (!isLost(error)) throw error
    return findOneByOne(db, imageId)
  }
}

async function findOneByOne(db: Database, imageId: string): Promise<FoundJournal> {
  const found: FoundJournal = { journal: undefined, base: undefined, strokes: new Map() }
  const one = IDBKeyRange.only(imageId)
  for await (const [, journal] of eachRecord(db, 'journals', one)) found.journal = journal
  for await (const [, base] of eachRecord(db, 'bases', one)) found.base = base
  for await (const [[, seq], stroke] of eachRecord(db, 'strokes', strokesOf(imageId))) found.strokes.set(seq, stroke)
  return found
}
