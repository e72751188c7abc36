import type { ScanRequest } from '../domain/dataset'
import { type OnProgress, pacedProgress } from '../domain/progress'
import { Folder } from './files/folder'
import { withUnmasked } from './layouts/dataset'
import { recognise } from './layouts/recognise'
import type { ImportPlan } from './plans'

/**
 * Finds out what a folder holds and what of it will be imported.
 * @throws AppError `no_images` when there is nothing to import
 */
export async function makePlan(
  { files, format, keepsUnmasked }: ScanRequest,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ImportPlan> {
  const report = pacedProgress(onProgress, 'scan')
  let read = 0
  const folder = new Folder(files, (path) => {
    signal.throwIfAborted()
    read = Math.min(read + 1, files.length)
    report({ phase: 'scan', done: read, total: files.length, image: path })
  })
  const found = await recognise(folder.paths, folder, { format, isExhaustive: true })
  const isKept = keepsUnmasked ?? found.unmasked.length > found.items.length
  const unmasked = { images: found.unmasked.length, void: 0, isKept }
  return { files, dataset: withUnmasked(found, isKept), unmasked }
}
