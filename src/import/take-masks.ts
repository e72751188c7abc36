/** Masks that came with the images, as labels to go on from. */
import { emptyRaster } from '../annotation/raster'
import { paintMask, Stroke } from '../annotation/stroke'
import type { OnProgress } from '../domain/progress'
import { pacedProgress } from '../domain/progress'
import { loadClassIds } from '../image/label-png'
import type { Database } from '../storage/database'
import { getGroundTruth, getImage, listGroundTruthIds } from '../storage/images'
import { appendStroke, listJournals, readJournal } from '../storage/label-journal'
import { readStored } from '../storage/stored-file'

/** Images with a mask on which nobody has painted yet. */
export async function listUntakenMasks(db: Database, projectId: string): Promise<string[]> {
  const painted = new Set((await listJournals(db, projectId)).map(({ imageId }) => imageId))
  return [...(await listGroundTruthIds(db, projectId))].filter((imageId) => !painted.has(imageId))
}

/**
 * The first stroke of each of these images: its mask. Stopped or interrupted, the rest is taken another time. The caller holds the
 * project's label lock.
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
    // Strokes that have lost their journal are mended at the label table first.
    if (!truth || (await readJournal(db, image)).problems.length > 0) continue
    const mask = await readStored(`the mask of ${image.name}`, loadClassIds(truth, image.size))
    const stroke = new Stroke(emptyRaster(image.size))
    paintMask(stroke, mask, image.size)
    const patch = stroke.finish()
    if (patch) await appendStroke(db, imageId, 0, { id: crypto.randomUUID(), at: Date.now(), tool: 'Mask', patch })
    report({ phase: 'import', done: i + 1, total: imageIds.length, image: image.name })
  }
}
