import type { ImageLayers } from '../domain/round'
import type { Database } from './database'

export function getLayers(
  db: Database,
  runId: string,
  round: number,
  imageId: string,
): Promise<ImageLayers | undefined> {
  return db.get('layers', [runId, round, imageId])
}

/** Stores maps for the image view without waiting for the disk: they can be computed again. */
export async function putLayers(db: Database, layers: ImageLayers): Promise<void> {
  await db.put('layers', layers)
}

/** Ids of the images of which a round has maps. */
export async function listLayerImages(db: Database, runId: string, round: number): Promise<string[]> {
  const keys = await db.getAllKeys('layers', IDBKeyRange.bound([runId, round], [runId, round, []]))
  return keys.map(([, , imageId]) => imageId)
}
