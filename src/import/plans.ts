/** Plans of imports, kept from the preview until they are carried out, so that the import is what was shown. */
import type { ScanReport, SourceFile } from '../domain/dataset'
import { AppError } from '../domain/errors'
import type { SampleRange } from './files/deep-image'
import type { Dataset } from './layouts/dataset'

/** What a scan found out about these files. */
export interface ImportPlan
  extends Pick<ScanReport, 'unmasked' | 'groups' | 'questions' | 'classSource' | 'classShares' | 'voidShare'> {
  files: readonly SourceFile[]
  dataset: Dataset
  /** The range that the images of 16 bits a sample use, which becomes 0..255; null when there are none. */
  range: SampleRange | null
}

/** Each tab has a worker of its own and shows one preview; the one before is kept for an import that is under way. */
const MOST_PLANS = 2

const plans = new Map<string, ImportPlan>()

/** @returns the name of the plan */
export function keepPlan(plan: ImportPlan): string {
  const name = crypto.randomUUID()
  plans.set(name, plan)
  for (const oldest of [...plans.keys()].slice(0, -MOST_PLANS)) plans.delete(oldest)
  return name
}

/** null when it is gone: the worker was started again, or others were made since. */
export function findPlan(name: string): ImportPlan | null {
  return plans.get(name) ?? null
}

/** @throws AppError `not_found` */
export function planOf(name: string): ImportPlan {
  const plan = findPlan(name)
  if (plan) return plan
  throw new AppError('not_found', 'This preview is not there any more.', 'Choose the folder again.')
}
