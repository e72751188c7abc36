/** A look at a folder before anything is stored: the plan of its import. */

import type { ScanReport, ScanRequest } from '../domain/dataset'
import type { OnProgress } from '../domain/progress'
import type { Dataset } from './layouts/dataset'
import { makePlan } from './make-plan'
import { keepPlan } from './plans'

export async function scanFolder(
  request: ScanRequest,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ScanReport> {
  const plan = await makePlan(request, onProgress, signal)
  const { files: _, dataset, range: __, ...facts } = plan
  const { format, description, classes, items, problems } = dataset
  return {
    plan: keepPlan(plan),
    format,
    description,
    classes,
    splits: splitCounts(dataset),
    items: items.length,
    problems,
    ...facts,
  }
}

function splitCounts({ items }: Dataset): ScanReport['splits'] {
  return (['train', 'val'] as const).map((split) => {
    const images = items.filter((item) => item.split === split)
    return { split, images: images.length, masks: images.filter(({ mask }) => mask !== null).length }
  })
}
