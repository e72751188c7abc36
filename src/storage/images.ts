import { AppError } from '../domain/errors'
import type { GroundTruthRecord, ImageRecord, ThumbnailRecord } from '../domain/project'
import type { Database } from './database'
import { strictWrite } from './database'

/** One imported image with its mask and thumbnail. */
export interface ImageEntry {
  image: ImageRecord
  groundTruth: GroundTruthRecord | null
  thumbnail: ThumbnailRecord
}

/** Stores a batch of images in one strict transaction: either every record of it is kept or none. */
export async function putImages(db: Database, entries: readonly ImageEntry[]): Promise<void> {
  await strictWrite(db, ['images', 'groundTruth', 'thumbnails'], async (transaction) => {
    const writes: Promise<unknown>[] = []
    for (const { image, groundTruth, thumbnail } of entries) {
      writes.push(transaction.objectStore('images').put(image))
      if (groundTruth) writes.push(transaction.objectStore('groundTruth').put(groundTruth))
      writes.push(transaction.objectStore('thumbnails').put(thumbnail))
    }
    await Promise.all(writes)
  })
}

/** @throws AppError `not_found` */
export async function getImage(db: Database, imageId: string): Promise<ImageRecord> {
  return present(await db.get('images', imageId), imageId)
}

/**
 * The image, if the read found it.
 * @throws AppError `not_found`
 */
export function present(image: ImageRecord | undefined, imageId: string): ImageRecord {
  if (!image) throw new AppError('not_found', `Image ${imageId} is not there any more.`, 'Choose another image.')
  return image
}

/** Images of a project in their stable order (`order`, the one that breaks ties). */
export async function listImages(db: Database, projectId: string): Promise<ImageRecord[]> {
  const images = await db.getAllFromIndex('images', 'projectId', projectId)
  return images.sort((a, b) => a.order - b.order)
}

export function getGroundTruth(db: Database, imageId: string): Promise<GroundTruthRecord | undefined> {
  return db.get('groundTruth', imageId)
}

/** Ids of a project's images that have ground truth. */
export async function listGroundTruthIds(db: Database, projectId: string): Promise<Set<string>> {
  return new Set(await db.getAllKeysFromIndex('groundTruth', 'projectId', projectId))
}

export function listThumbnails(db: Database, projectId: string): Promise<ThumbnailRecord[]> {
  return db.getAllFromIndex('thumbnails', 'projectId', projectId)
}

/** Keeps the pixels of each class with an image's ground truth, unless that was deleted meanwhile. */
export async function keepPixels(db: Database, imageId: string, pixels: number[]): Promise<void> {
  const transaction = db.transaction('groundTruth', 'readwrite')
  const truth = await transaction.store.get(imageId)
  if (truth) await transaction.store.put({ ...truth, pixels })
  await transaction.done
}
