/** Makes labels of the masks that came with the images. */
import { emptyRaster } from '../annotation/raster'
import { paintMask, Stroke } from '../annotation/stroke'
import type { OnProgress } from '../domain/progress'
import { pacedProgress } from '../domain/progress'
import { loadClassIds } from '../image/label-png'
import type { Database } from '../storage/database'
import { getGroundTruth, getImage, listGroundTruthIds } from '../storage/images'
import { appendStroke, listJournals, readJournal } from '../storage/label-journal'
import { readStored } from '../storage/stored-file'

/** Ids of images that have a mask and no labels by people. */
export async function listUntakenMasks(db: Database, projectId: string): Promise<string[]> {
  const painted = new Set((await listJournals(db, projectId)).map(({ imageId }) => imageId))
  return [...(await listGroundTruthIds(db, projectId))].filter((imageId) => !painted.has(imageId))
}

/**
 * Makes each of these masks the first stroke of its image. After an interruption, another call takes the rest. The
 * caller holds the project's label lock.
 */
export async function takeMasks(
  db: Database,
  projectId: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const report = pacedProgress(onProgress, 'import')
  const imageIds = await listUntakenMasks(db, projectId)
  for (const [i, imageId] of imageIds.entries()) {
    signal.throwIfAborted()
    const image = await getImage(db, imageId)
    const truth = await getGroundTruth(db, imageId)
    // Strokes whose journal is lost are first repaired at the label table.
    if (!truth || (await readJournal(db, image)).problems.length > 0) continue
    const mask = await readStored(`the mask of ${image.name}`, loadClassIds(truth, image.size))
    const stroke = new Stroke(emptyRaster(image.size))
    paintMask(stroke, mask, image.size)
    const patch = stroke.finish()
    if (patch) await appendStroke(db, imageId, 0, { id: crypto.randomUUID(), at: Date.now(), tool: 'Mask', patch })
    report({ phase: 'import', done: i + 1, total: imageIds.length, image: image.name })
  }
}
