/** Counts the pixels of each class in a project's ground truth, once. */
import { countClassIds, storedPixels, type TruthPixels } from '../domain/class-pixels'
import type { OnProgress } from '../domain/progress'
import { pacedProgress } from '../domain/progress'
import { loadClassIds } from '../image/label-png'
import type { Database } from '../storage/database'
import { getGroundTruth, keepPixels, listGroundTruthIds, listImages } from '../storage/images'
import { getProject } from '../storage/projects'
import { readStored } from '../storage/stored-file'

/** @throws AppError `bad_file` naming a mask that cannot be read */
export async function countTruthPixels(
  db: Database,
  projectId: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<TruthPixels[]> {
  const report = pacedProgress(onProgress, 'scan')
  const { classes } = await getProject(db, projectId)
  const withTruth = await listGroundTruthIds(db, projectId)
  const images = (await listImages(db, projectId)).filter(({ id }) => withTruth.has(id))
  const found: TruthPixels[] = []
  for (const { id, name, split, size } of images) {
    signal.throwIfAborted()
    const truth = await getGroundTruth(db, id)
    if (!truth) continue
    let pixels = storedPixels(truth, classes.length)
    if (!pixels) {
      const counted = countClassIds(await readStored(`the mask of ${name}`, loadClassIds(truth, size)), classes.length)
      await keepPixels(db, id, counted)
      pixels = counted
    }
    found.push({ imageId: id, split, size, pixels })
    report({ phase: 'scan', done: found.length, total: images.length, image: name })
  }
  return found
}
