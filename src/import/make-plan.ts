/** Finds out what a folder holds, and what of it will be imported: the plan that the preview shows. */
import type { FileProblem, FileRole, ScanReport, ScanRequest } from '../domain/dataset'
import { AppError } from '../domain/errors'
import { IGNORE } from '../domain/labels'
import { type OnProgress, pacedProgress } from '../domain/progress'
import { matchImageTables } from './class-files/image-table'
import type { ListedSplits, SplitList } from './class-files/split-lists'
import { rangeOfImages } from './files/deep-image'
import { Folder } from './files/folder'
import { sortFiles } from './files/sort-files'
import { assemble } from './layouts/assemble'
import { type Dataset, withUnmasked } from './layouts/dataset'
import { countOf, parsePath } from './layouts/paths'
import { type FolderLayout, recognise } from './layouts/recognise'
import { planMasks } from './plan-masks'
import { planShapes, unusedAnnotations } from './plan-shapes'
import { planSplits } from './plan-splits'
import type { ImportPlan } from './plans'
import { readTexts } from './read-texts'

/**
 * @throws AppError `no_images` when the folder holds no picture at all; `bad_label` when a class file names more classes
 * than a mask can tell apart
 */
export async function makePlan(request: ScanRequest, onProgress: OnProgress, signal: AbortSignal): Promise<ImportPlan> {
  const { files, format, keepsUnmasked, roles = {}, answers = {} } = request
  const report = pacedProgress(onProgress, 'scan')
  const folder = new Folder(files, () => signal.throwIfAborted())
  const sorted = await sortFiles(folder)
  if (sorted.pictures.length === 0) throw noPictures(files.length, sorted.problems)
  const texts = await readTexts(sorted.texts, folder, answers)
  const listed = matchImageTables(texts.imageTables, sorted.pictures)
  const layout = await recognise(sorted.pictures.map(parsePath), folder, { roles, answers, listed })
  const onMask = (done: number, total: number, path: string) => report({ phase: 'scan', done, total, image: path })
  const hasMaskFiles = layout.groups.some(({ role }) => role === 'mask')
  const shapes = hasMaskFiles ? null : await planShapes({ ...layout, ...texts }, folder, onMask)
  const masks =
    shapes ?? (await planMasks({ ...layout, classFiles: texts.classFiles, format, answers }, folder, onMask))
  const splits = planSplits({ ...layout, listed, splitLists: texts.splitLists, shapes: shapes?.masks ?? null })
  const found = assemble({
    format: masks.format,
    notes: [
      ...foundNotes(layout),
      ...sorted.notes,
      ...layout.notes,
      ...splitNotes(texts.splitLists, splits),
      ...masks.notes,
    ],
    classes: masks.classes,
    images: layout.images.map((parsed) => ({
      parsed,
      split: splits.splitOf(parsed),
      mask: masks.masks.get(parsed.path) ?? null,
    })),
    hasMasks: hasMaskFiles || shapes !== null,
    problems: [
      ...sorted.problems,
      ...layout.problems,
      ...texts.problems,
      ...splits.problems,
      ...unusedTexts(texts.others),
      ...unusedAnnotations(texts.annotations, hasMaskFiles),
      ...masks.problems,
    ],
  })
  const isKept = keepsUnmasked ?? found.unmasked.length > found.items.length
  const dataset = withUnmasked(found, isKept, layout.masks)
  const paths = dataset.items.map(({ path }) => path)
  const deep = await rangeOfImages(paths, folder, (done, path) => {
    report({ phase: 'scan', done, total: paths.length, image: path })
  })
  return {
    files,
    dataset: deep ? { ...dataset, description: `${dataset.description} ${deep.note}` } : dataset,
    range: deep?.range ?? null,
    unmasked: { images: found.unmasked.length, void: countVoid(found, masks.masks), isKept },
    groups: layout.groups,
    questions: [...layout.questions, ...texts.questions, ...masks.questions],
    classSource: masks.classSource,
    ...sharesOf(dataset),
  }
}

/** "Images: images/*.jpg. Masks: labels/*.png." */
function foundNotes({ groups }: FolderLayout): string[] {
  const patterns = (role: FileRole) => groups.filter((group) => group.role === role).map(({ pattern }) => pattern)
  const listed = (kind: string, all: string[]) => {
    if (all.length === 0) return []
    return [`${kind}: ${all.slice(0, 3).join(', ')}${all.length > 3 ? ` and ${all.length - 3} more patterns` : ''}.`]
  }
  return [...listed('Images', patterns('image')), ...listed('Masks', patterns('mask'))]
}

function splitNotes(lists: readonly SplitList[], { splits, unmatched }: ListedSplits): string[] {
  if (splits.size === 0) return []
  const names = lists.slice(0, 3).map(({ path }) => `"${path}"`)
  const missing = [...unmatched.values()].flat()
  const note = `The splits are those of ${names.join(', ')}${lists.length > 3 ? ', ...' : ''}.`
  if (missing.length === 0) return [note]
  return [
    note,
    `${countOf(missing.length, 'name')} of them, such as "${missing[0]}", ${missing.length === 1 ? 'is' : 'are'} no image here.`,
  ]
}

/** A sentence for each text that says nothing here. */
function unusedTexts(paths: readonly string[]): FileProblem[] {
  return paths.map((path) => ({
    path,
    problem: `"${path}" was not used: it lists neither classes nor splits that are known here.`,
    remedy: 'It need not be in the folder. Classes are read from a classes.txt or label_colors.txt.',
  }))
}

/** Images among those without a label that do have a mask: every pixel of it is void. */
function countVoid({ unmasked }: Dataset, masks: ReadonlyMap<string, unknown>): number {
  return unmasked.filter(({ path }) => masks.has(path)).length
}

/** How much of the masks each class has, and void. */
function sharesOf({ items, classes }: Dataset): Pick<ScanReport, 'classShares' | 'voidShare'> {
  const pixels = new Float64Array(IGNORE + 1)
  const images = new Uint32Array(IGNORE + 1)
  for (const { mask } of items) {
    for (const [id, count] of mask?.pixels ?? []) {
      pixels[id] += count
      if (count > 0) images[id]++
    }
  }
  const all = pixels.reduce((sum, count) => sum + count, 0) || 1
  return {
    classShares: classes.map((_, id) => ({ share: pixels[id] / all, images: images[id] })),
    voidShare: pixels[IGNORE] / all,
  }
}

function noPictures(count: number, problems: readonly FileProblem[]): AppError {
  const reasons = problems.slice(0, 3).map(({ problem }) => ` ${problem}`)
  return new AppError(
    'no_images',
    `No images to import were found among ${count} files.${reasons.join('')}`,
    problems[0]?.remedy ??
      'Choose a folder with JPEG, PNG or WebP images, with masks beside them or in a folder of their own.',
  )
}
