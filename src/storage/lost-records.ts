/**
 * Records that the browser still lists but can no longer read: large ones lie in files of their own, and a file can be
 * lost. Reading one ends the transaction, so that one lost record fails a read of many.
 */
import type { IDBPTransaction, StoreKey, StoreValue } from 'idb'
import type { Database, StoreName } from './database'
import type { StudioSchema } from './schema'

type Key<Name extends StoreName> = StoreKey<StudioSchema, Name>
type Value<Name extends StoreName> = StoreValue<StudioSchema, Name>

/** Names of Chromium's errors for a file that is gone and, in earlier versions, for one that was cut off. */
const LOST = ['NotReadableError', 'DataError']
/** Chromium's message for a file that was cut off. Its name, UnknownError, is also WebKit's for a lost connection. */
const CUT_OFF = /large IndexedDB value/

/** Whether a read failed because of a lost record, and others may still be read. */
export function isLost(error: unknown): boolean {
  return error instanceof DOMException && (LOST.includes(error.name) || CUT_OFF.test(error.message))
}

/** The records of a range with their keys, one in memory at a time; a lost one is null. */
export async function* eachRecord<Name extends StoreName>(
  db: Database,
  store: Name,
  range: IDBKeyRange,
): AsyncGenerator<[Key<Name>, Value<Name> | null]> {
  for (const key of await db.getAllKeys(store, range)) {
    const record = await readRecord(db, store, key)
    if (record !== undefined) yield [key, record]
  }
}

/** One record; null when it is lost, undefined when there is none. */
export async function readRecord<Name extends StoreName>(
  db: Database,
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

/** The bytes of a blob, which lie outside of its record; null when they are lost. */
export async function readFile(blob: Blob): Promise<Blob | null> {
  try {
    return new Blob([await blob.arrayBuffer()], { type: blob.type })
  } catch (error) {
    if (isLost(error) || (error instanceof DOMException && error.name === 'NotFoundError')) return null
    throw error
  }
}

type ReadTransaction = IDBPTransaction<StudioSchema, StoreName[], 'readonly'>
type Get = (store: StoreName, key: IDBValidKey) => Promise<object | undefined>

interface LostRecord {
  store: StoreName
  key: IDBValidKey
}

/**
 * Everything that `body` reads, as of one moment. `body` reads records by `get` alone, which gives undefined for a lost
 * one. At the first lost record the transaction ends, and `body` begins again on a new one.
 */
export async function readAround<T>(
  db: Database,
  stores: readonly StoreName[],
  body: (transaction: ReadTransaction, get: Get) => Promise<T>,
): Promise<{ result: T; lost: LostRecord[] }> {
  const lost: LostRecord[] = []
  const isKnown = (store: StoreName, key: IDBValidKey) =>
    lost.some((each) => each.store === store && indexedDB.cmp(each.key, key) === 0)
  for (;;) {
    const known = lost.length
    const transaction = db.transaction([...stores])
    transaction.done.catch(() => undefined) // The reads say why.
    const get: Get = async (store, key) => {
      if (isKnown(store, key)) return undefined
      try {
        return await transaction.objectStore(store).get(key as never)
      } catch (error) {
        if (isLost(error)) lost.push({ store, key })
        throw error
      }
    }
    try {
      return { result: await body(transaction, get), lost }
    } catch (error) {
      if (lost.length === known) throw error
    }
  }
}
