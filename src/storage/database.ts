/** The one IndexedDB database: opening it, losing it, and writing to it so that a commit survives a crash. */
import { type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb'
import type { NetworkConfig } from '../domain/config'
import { AppError, toAppError } from '../domain/errors'
import type { StudioSchema } from './schema'

export type Database = IDBPDatabase<StudioSchema>
export type StoreName = StoreNames<StudioSchema>
export type WriteTransaction<Stores extends StoreName[]> = IDBPTransaction<StudioSchema, Stores, 'readwrite'>

const DATABASE_NAME = 'cpral-studio'
const DATABASE_VERSION = 3

let connection: Promise<Database> | null = null

/**
 * The open database of this page or worker; the same connection for every caller until the browser closes it.
 * @throws AppError `project_locked` when a tab with an older version of the page keeps the database from being upgraded
 */
export function openDatabase(): Promise<Database> {
  connection ??= connect().catch((error: unknown) => {
    connection = null
    throw error
  })
  return connection
}

/** Closes the connection of this page or worker; the next `openDatabase` opens a new one. */
export async function closeDatabase(): Promise<void> {
  const open = connection
  connection = null
  if (open) (await open).close()
}

async function connect(): Promise<Database> {
  let wasRefused = false
  const { promise: refused, reject } = Promise.withResolvers<never>()
  const opening = openDB<StudioSchema>(DATABASE_NAME, DATABASE_VERSION, {
    upgrade: async (db, oldVersion, _newVersion, transaction) => {
      if (oldVersion < 1) createStores(db)
      else if (oldVersion < 2) await nameEncoders(transaction)
      if (oldVersion < 3) createJournals(db)
    },
    blocked: () => {
      wasRefused = true
      reject(
        new AppError(
          'project_locked',
          'Another tab shows an older version of the studio and keeps its storage busy.',
          'Close the other tabs of the studio, then reload this one.',
        ),
      )
    },
    // A newer page wants to upgrade: let it; the next openDatabase here waits for that upgrade.
    blocking: (_current, _blocked, event) => {
      connection = null
      ;(event.target as IDBDatabase).close()
    },
    // The browser closed the connection (site data cleared, WebKit under memory pressure).
    terminated: () => {
      connection = null
    },
  })
  void opening.then(
    (db) => wasRefused && db.close(),
    () => undefined, // The race below reports it.
  )
  return Promise.race([opening, refused])
}

function createStores(db: Database): void {
  db.createObjectStore('projects', { keyPath: 'id' })
  db.createObjectStore('images', { keyPath: 'id' }).createIndex('projectId', 'projectId')
  db.createObjectStore('groundTruth', { keyPath: 'imageId' }).createIndex('projectId', 'projectId')
  db.createObjectStore('thumbnails', { keyPath: 'imageId' }).createIndex('projectId', 'projectId')
  db.createObjectStore('runs', { keyPath: 'id' }).createIndex('projectId', 'projectId')
  db.createObjectStore('rounds', { keyPath: ['runId', 'index'] }).createIndex('runId', 'runId')
  db.createObjectStore('labels', { keyPath: ['runId', 'imageId'] }).createIndex('runId', 'runId')
  db.createObjectStore('layers', { keyPath: ['runId', 'round', 'imageId'] }).createIndex('runId', 'runId')
  db.createObjectStore('queries', { keyPath: ['runId', 'round', 'imageId'] }).createIndex('runId', 'runId')
  db.createObjectStore('checkpoints', { keyPath: ['runId', 'slot'] }).createIndex('runId', 'runId')
  db.createObjectStore('weights', { keyPath: 'key' })
}

/** Version 3: people label. */
function createJournals(db: Database): void {
  db.createObjectStore('journals', { keyPath: 'imageId' }).createIndex('projectId', 'projectId')
  db.createObjectStore('strokes', { keyPath: ['imageId', 'seq'] })
  db.createObjectStore('bases', { keyPath: 'imageId' })
  db.createObjectStore('answers', { keyPath: ['runId', 'round', 'index'] }).createIndex('runId', 'runId')
}

/** Version 1 knew one encoder and one naming of its weights, and stored neither name. */
async function nameEncoders(transaction: IDBPTransaction<StudioSchema, StoreName[], 'versionchange'>): Promise<void> {
  const runs = transaction.objectStore('runs')
  for (let cursor = await runs.openCursor(); cursor; cursor = await cursor.continue()) {
    const { config } = cursor.value
    const network: NetworkConfig = { ...config.network, encoder: 'mobilenetv2' }
    await cursor.update({ ...cursor.value, config: { ...config, network } })
  }
  const weights = transaction.objectStore('weights')
  for (let cursor = await weights.openCursor(); cursor; cursor = await cursor.continue()) {
    await cursor.update({ ...cursor.value, source: null, encoder: 'mobilenetv2', naming: 'torchvision' })
  }
}

/**
 * Runs `body` in one readwrite transaction and resolves with its result only when the commit is on disk (durability
 * 'strict'). If `body` throws, nothing of it is kept. When the connection turns out to be lost, it is opened again and
 * `body` runs once more: it must do nothing but read and write the transaction's stores.
 * @throws AppError `quota_exceeded` when the disk quota is spent
 */
export async function strictWrite<Stores extends StoreName[], T>(
  db: Database,
  stores: [...Stores],
  body: (transaction: WriteTransaction<Stores>) => Promise<T>,
): Promise<T> {
  try {
    return await writeOnce(db, stores, body)
  } catch (error) {
    if (!isConnectionLost(error)) throw isQuotaError(error) ? toAppError(error) : error
    return writeOnce(await reopen(db), stores, body)
  }
}

/** Runs `body` on the open database, and once more on a new connection when the old one turns out to be lost. */
export async function withDatabase<T>(body: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase()
  try {
    return await body(db)
  } catch (error) {
    if (!isConnectionLost(error)) throw error
    return body(await reopen(db))
  }
}

async function writeOnce<Stores extends StoreName[], T>(
  db: Database,
  stores: [...Stores],
  body: (transaction: WriteTransaction<Stores>) => Promise<T>,
): Promise<T> {
  const transaction = db.transaction(stores as Stores, 'readwrite', { durability: 'strict' })
  const committed = transaction.done.then(
    () => null,
    (error: unknown) => error,
  )
  let result: T
  try {
    result = await body(transaction)
  } catch (error) {
    // Aborting a transaction that failed by itself throws; its own error is then the cause.
    if (!isQuotaError(error) && transaction.error === null) abort(transaction)
    const failure = await committed
    throw isQuotaError(failure) ? failure : error
  }
  const failure = await committed
  if (failure !== null) throw failure
  return result
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort()
  } catch (error) {
    if (!isNamed(error, 'InvalidStateError')) throw error
  }
}

/** Drops `stale` as the shared connection, unless somebody else has already replaced it. */
async function reopen(stale: Database): Promise<Database> {
  if (connection && (await connection) === stale) connection = null
  return openDatabase()
}

/** WebKit reports a lost storage process as UnknownError, every browser a closed connection as InvalidStateError. */
function isConnectionLost(error: unknown): boolean {
  return isNamed(error, 'InvalidStateError') || isNamed(error, 'UnknownError')
}

function isQuotaError(error: unknown): boolean {
  return isNamed(error, 'QuotaExceededError')
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name
}
