/** Imports a folder as a project: every file is checked, bad ones are reported, the others are stored. */

import { checkClassCount } from '../domain/classes'
import type { FileProblem, ImportRequest } from '../domain/dataset'
import { AppError } from '../domain/errors'
import { IGNORE } from '../domain/labels'
import type { OnProgress } from '../domain/progress'
import { pacedProgress } from '../domain/progress'
import type { GroundTruthRecord, ImportReport, ProjectRecord } from '../domain/project'
import { thumbnail } from '../image/image-file'
import type { Database } from '../storage/database'
import { type ImageEntry, putImages } from '../storage/images'
import { withProjectLock } from '../storage/project-lock'
import { deleteProject, distinctName, putProject } from '../storage/projects'
import { inBatches } from './batches'
import { type CheckedItem, checkItem, isProblem } from './check-item'
import { Folder } from './files/folder'
import type { Dataset, DatasetItem } from './layouts/dataset'
import { makePlan } from './make-plan'
import { findPlan, type ImportPlan } from './plans'

/**
 * Stores the folder's images in batches and the project last: until then nothing of it shows, and an abort or error
 * removes it.
 */
export async function importFolder(
  db: Database,
  request: ImportRequest,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ImportReport> {
  const { name, files, classes, plan } = request
  if (classes) checkClassCount('The list', classes.length)
  const planned = (plan && findPlan(plan)) || (await makePlan(request, onProgress, signal))
  // A person corrects names and colours, and names the classes of a folder that names none.
  const isOwn = classes !== undefined && classes.length >= planned.dataset.classes.length
  const dataset = isOwn ? { ...planned.dataset, classes } : planned.dataset
  const projectId = crypto.randomUUID()
  return withProjectLock(projectId, async () => {
    try {
      const images = new Folder(files, () => signal.throwIfAborted())
      const { stored, problems } = await storeItems(db, projectId, planned, images, pacedProgress(onProgress, 'import'))
      const project = projectRecord({ id: projectId, name: await distinctName(db, name) }, dataset, stored)
      if (project.counts.train === 0) throw nothingUsable(problems)
      signal.throwIfAborted()
      await putProject(db, project)
      return { project, imported: stored.length, problems }
    } catch (error) {
      await deleteProject(db, projectId)
      throw error
    }
  })
}

type Stored = Pick<CheckedItem['item'], 'split'> & { hasMask: boolean }

async function storeItems(
  db: Database,
  projectId: string,
  { dataset: { items, classes, problems }, range }: ImportPlan,
  folder: Folder,
  onProgress: OnProgress,
): Promise<{ stored: Stored[]; problems: FileProblem[] }> {
  const stored: Stored[] = []
  const found: FileProblem[] = [...problems]
  let done = 0
  for await (const batch of inBatches(items, folder)) {
    const outcomes = await settleAll(batch.map((item) => checkItem(item, folder, range)))
    const checked = outcomes.filter((outcome): outcome is CheckedItem => !isProblem(outcome))
    found.push(...outcomes.filter(isProblem))
    const entries = await Promise.all(
      checked.map((item, i) => imageEntry({ projectId, classCount: classes.length }, item, stored.length + i)),
    )
    for (const { bitmap } of checked) bitmap.close()
    await putImages(db, entries)
    for (const { item, mask } of checked) stored.push({ split: item.split, hasMask: mask !== null })
    done += batch.length
    onProgress({ phase: 'import', done, total: items.length, image: batch[batch.length - 1].name })
  }
  return { stored, problems: found }
}

/** Waits for all checks before it throws, so that none goes on behind an aborted import. */
async function settleAll(checks: Promise<CheckedItem | FileProblem>[]): Promise<(CheckedItem | FileProblem)[]> {
  const settled = await Promise.allSettled(checks)
  const failed = settled.find((outcome) => outcome.status === 'rejected')
  const outcomes = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  if (!failed) return outcomes
  for (const outcome of outcomes) if (!isProblem(outcome)) outcome.bitmap.close()
  throw failed.reason
}

async function imageEntry(
  { projectId, classCount }: { projectId: string; classCount: number },
  checked: CheckedItem,
  order: number,
): Promise<ImageEntry> {
  const { item, blob, bitmap, size, orientation, mask } = checked
  const imageId = `${projectId}/${item.name}`
  return {
    image: {
      id: imageId,
      projectId,
      split: item.split,
      name: item.name,
      path: item.path,
      order,
      size,
      blob,
      orientation,
    },
    groundTruth: mask && { imageId, projectId, ...mask, ...countsOf(item, classCount) },
    thumbnail: { imageId, projectId, blob: await thumbnail(bitmap) },
  }
}

/** The pixels of each class that the scan counted, void last, so that nobody has to decode the mask again to know. */
function countsOf({ mask }: DatasetItem, classCount: number): Pick<GroundTruthRecord, 'pixels'> {
  const counted = mask?.pixels
  if (!counted) return {}
  const ofClass = Array.from({ length: classCount }, (_, id) => counted.get(id) ?? 0)
  return { pixels: [...ofClass, counted.get(IGNORE) ?? 0] }
}

function projectRecord(
  identity: Pick<ProjectRecord, 'id' | 'name'>,
  { format, classes }: Dataset,
  stored: readonly Stored[],
): ProjectRecord {
  const train = stored.filter(({ split }) => split === 'train')
  return {
    ...identity,
    createdAt: Date.now(),
    source: 'folder',
    format,
    classes,
    counts: { train: train.length, val: stored.length - train.length },
    hasGroundTruth: train.every(({ hasMask }) => hasMask),
  }
}

function nothingUsable(problems: readonly FileProblem[]): AppError {
  const reasons = problems.slice(0, 3).map(({ problem }) => problem)
  return new AppError(
    'no_images',
    ['No image of the folder could be used for training.', ...reasons].join(' '),
    problems[0]?.remedy ?? 'Choose a folder that holds images.',
  )
}
