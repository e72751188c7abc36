import { openStudio, type Studio } from './database'

/** The database of this origin with nothing in it. */
export async function clearStudio(): Promise<Studio> {
  const db = await openStudio()
  for (const name of db.objectStoreNames) await db.clear(name)
  return db
}
