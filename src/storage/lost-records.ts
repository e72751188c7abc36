/**
 * Records that the browser still lists and cannot read any more: large ones lie in files of their own, and a file can be lost. To
 * read such a record ends the transaction, so that one of them fails a read of many.
 */
import type { StoreKey, StoreValue } from 'idb'
import type { StoreName, Studio } from './database'
import type { StudioSchema } from './schema'

type Key<Name extends StoreName> = StoreKey<StudioSchema, Name>
type Value<Name extends StoreName> = StoreValue<StudioSchema, Name>

/** Chromium's names of a file that is gone, and, in earlier versions, of one that was cut off. */
const LOST = ['NotReadableError', 'DataError']
/** What it says of one that was cut off; the name beside it, UnknownError, is WebKit's for a lost connection too. */
const CUT_OFF = /large IndexedDB value/

/** Whether a read failed because of a lost record, and others may still be read. */
export function isLost(error: unknown): boolean {
  return error instanceof DOMException && (LOST.includes(error.name) || CUT_OFF.test(error.message))
}

/** The records of a range with their keys, one in memory at a time; null for one that is lost. */
export async function* eachRecord<Name extends StoreName>(
  db: Studio,
  store: Name,
  range: IDBKeyRange,
): AsyncGenerator<[Key<Name>, Value<Name> | null]> {
  for (const key of await db.getAllKeys(store, range)) {
    const record = await readOne(db, store, key)
    if (record !== undefined) yield [key, record]
  }
}

async function readOne<Name extends StoreName>(
  db: Studio,
  store: Name,
  key: Key<Name>,
): Promise<Value<Name> | null | undefined> {
  const transaction = db.transaction(store)
  transaction.done.catch(() => undefined) // The read says why.
  try {
    return await transaction.store.get(key)
  } catch (error) {
    if (isLost(error)) return null
    throw error
  }
}
