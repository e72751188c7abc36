/** A look at a folder before anything is stored: paths, a class file, a few masks, one image. */

import type { ClassDefinition } from '../domain/classes'
import type { FileProblem, ScanReport, ScanRequest } from '../domain/dataset'
import { IGNORE } from '../domain/labels'
import { type OnProgress, pacedProgress } from '../domain/progress'
import { bitmapFromRgb, fitWithin, readRgb } from '../image/image-file'
import { loadClassIds } from '../image/label-png'
import { type CheckedItem, checkItem, isProblem } from './check-item'
import { Folder } from './folder'
import { type Dataset, withUnmasked } from './layouts/dataset'
import { recognise } from './layouts/recognise'

const PREVIEW_SIDE = 640
/** Items tried until one can be shown. */
const PREVIEW_ATTEMPTS = 5

export async function scanFolder(
  { files, format, keepsUnmasked }: ScanRequest,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ScanReport> {
  const report = pacedProgress(onProgress, 'scan')
  let read = 0
  const folder = new Folder(files, (path) => {
    signal.throwIfAborted()
    read++
    report({ phase: 'scan', done: Math.min(read, files.length), total: files.length, image: path })
  })
  const found = await recognise(folder.paths, folder, { format, isExhaustive: false })
  const isKept = keepsUnmasked ?? found.unmasked.length > found.items.length
  const dataset = withUnmasked(found, isKept)
  const problems = [...dataset.problems]
  const preview = await previewOf(dataset, folder, problems)
  const { description, classes } = dataset
  const unmasked = { images: found.unmasked.length, isKept }
  return { format: dataset.format, description, classes, splits: splitCounts(dataset), unmasked, preview, problems }
}

function splitCounts({ items }: Dataset): ScanReport['splits'] {
  return (['train', 'val'] as const).map((split) => {
    const images = items.filter((item) => item.split === split)
    return { split, images: images.length, masks: images.filter(({ mask }) => mask !== null).length }
  })
}

async function previewOf(dataset: Dataset, folder: Folder, problems: FileProblem[]): Promise<ScanReport['preview']> {
  for (const item of dataset.items.slice(0, PREVIEW_ATTEMPTS)) {
    const checked = await checkItem(item, dataset.classes, folder)
    if (!isProblem(checked)) return drawPreview(checked, dataset.classes)
    problems.push(checked)
  }
  return null
}

async function drawPreview(
  { item, bitmap, size, mask }: CheckedItem,
  classes: readonly ClassDefinition[],
): Promise<ScanReport['preview']> {
  const shown = fitWithin(size, PREVIEW_SIDE)
  const image = await bitmapFromRgb(readRgb(bitmap, shown), shown)
  bitmap.close()
  if (!mask) return { name: item.name, image, mask: null }
  const pixels = new ImageData(shown.width, shown.height)
  const classIds = await loadClassIds(mask, shown)
  classIds.forEach((classId, i) => {
    if (classId !== IGNORE) pixels.data.set([...classes[classId].color, 255], i * 4)
  })
  return { name: item.name, image, mask: await createImageBitmap(pixels) }
}
