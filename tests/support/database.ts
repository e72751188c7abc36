import { type Database, openDatabase } from '../../src/storage/database'

/** The database of this origin with nothing in it. */
export async function clearDatabase(): Promise<Database> {
  const db = await openDatabase()
  for (const name of db.objectStoreNames) await db.clear(name)
  return db
}
