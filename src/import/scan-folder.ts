/** A look at a folder before anything is stored: the plan of its import, and pictures of it. */

import type { ClassDefinition } from '../domain/classes'
import type { PairPreview, ScanReport, ScanRequest } from '../domain/dataset'
import { AppError } from '../domain/errors'
import { IGNORE } from '../domain/labels'
import type { OnProgress } from '../domain/progress'
import { bitmapFromRgb, fitWithin, readRgb } from '../image/image-file'
import { loadClassIds } from '../image/label-png'
import { type CheckedItem, checkItem, isProblem } from './check-item'
import { Folder } from './files/folder'
import type { Dataset } from './layouts/dataset'
import { makePlan } from './make-plan'
import { keepPlan, planOf } from './plans'

const PREVIEW_SIDE = 640

export async function scanFolder(
  request: ScanRequest,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ScanReport> {
  const plan = await makePlan(request, onProgress, signal)
  const { dataset, unmasked } = plan
  return {
    plan: keepPlan(plan),
    format: dataset.format,
    description: dataset.description,
    classes: dataset.classes,
    classSource: '',
    classShares: dataset.classes.map(() => ({ share: 0, images: 0 })),
    voidShare: 0,
    splits: splitCounts(dataset),
    unmasked,
    groups: [],
    questions: [],
    items: dataset.items.length,
    problems: dataset.problems,
  }
}

function splitCounts({ items }: Dataset): ScanReport['splits'] {
  return (['train', 'val'] as const).map((split) => {
    const images = items.filter((item) => item.split === split)
    return { split, images: images.length, masks: images.filter(({ mask }) => mask !== null).length }
  })
}

/**
 * An image of a plan with its mask, at most 640 pixels a side.
 * @throws AppError `not_found` when the plan is gone; `bad_file` naming what is wrong with the image or its mask
 */
export async function previewPair(plan: string, index: number): Promise<PairPreview> {
  const { files, dataset } = planOf(plan)
  const checked = await checkItem(dataset.items[index], dataset.classes, new Folder(files, () => {}))
  if (isProblem(checked)) throw new AppError('bad_file', checked.problem, checked.remedy)
  return drawPreview(checked, dataset.classes)
}

async function drawPreview(
  { item, bitmap, size, mask }: CheckedItem,
  classes: readonly ClassDefinition[],
): Promise<PairPreview> {
  const shown = fitWithin(size, PREVIEW_SIDE)
  const image = await bitmapFromRgb(readRgb(bitmap, shown), shown)
  bitmap.close()
  const { name } = item
  if (!mask) return { name, maskPath: null, image, mask: null }
  const pixels = new ImageData(shown.width, shown.height)
  const classIds = await loadClassIds(mask, shown)
  classIds.forEach((classId, i) => {
    if (classId !== IGNORE) pixels.data.set([...classes[classId].color, 255], i * 4)
  })
  return { name, maskPath: item.mask?.path ?? null, image, mask: await createImageBitmap(pixels) }
}
