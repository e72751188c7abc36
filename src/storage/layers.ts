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

/** Maps for the image view can be computed again, so they are written without waiting for the disk. */
export async function putLayers(db: Database, layers: ImageLayers): Promise<void> {
  await db.put('layers', layers)
}
