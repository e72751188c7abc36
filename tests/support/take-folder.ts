/** Folders taken in by the data worker's service as the page does it, and what came of them beside what they hold in truth. */
import { expect } from 'vitest'
import { dataService } from '../../src/data/data-service'
import type { ImportRequest, ScanReport, SourceFile } from '../../src/domain/dataset'
import { AppError } from '../../src/domain/errors'
import type { ImportReport } from '../../src/domain/project'
import type { Size } from '../../src/domain/size'
import { type Files, type Truth, VOID } from './draw-folder'
import { sourceFiles } from './test-files'

export const service = dataService()

interface TakenImage {
  id: string
  name: string
  split: 'train' | 'val'
  size: Size
  /** Class ids H*W, 255 = void; null without a mask. */
  mask: Uint8Array | null
}

export interface Taken {
  /** Null where the folder was refused. */
  scan: ScanReport | null
  report: ImportReport | null
  classes: string[]
  images: TakenImage[]
  /** What was said about the whole: the layout, the classes, notes. */
  notes: string
  /** What was said about files, and the sentence that refused the folder (of an empty path). */
  sentences: { path: string; text: string }[]
}

type Choices = Partial<Omit<ImportRequest, 'name' | 'files' | 'plan'>>

const signal = new AbortController().signal

/** The project of a folder without classes has this one. */
const ONE_CLASS: ImportRequest['classes'] = [{ name: 'thing', color: [200, 30, 60] }]

/** Scans a folder and imports it by the plan that the scan showed. */
export async function take(files: Files | SourceFile[], choices: Choices = {}): Promise<Taken> {
  const sources = Array.isArray(files) ? files : sourceFiles(files)
  const taken: Taken = { scan: null, report: null, classes: [], images: [], notes: '', sentences: [] }
  try {
    const scan = await service.scan({ files: sources, ...choices }, () => {}, signal)
    taken.scan = scan
    taken.notes = [scan.description, scan.classSource].join(' ')
    taken.sentences.push(...sentencesOf(scan))
    const request = { files: sources, ...choices, name: 'Folder', plan: scan.plan }
    const classes = choices.classes ?? (scan.classes.length === 0 ? ONE_CLASS : undefined)
    const keepsUnmasked = scan.unmasked.isKept
    const report = await service.import({ ...request, keepsUnmasked, ...(classes && { classes }) }, () => {}, signal)
    taken.report = report
    taken.classes = report.project.classes.map(({ name }) => name)
    taken.sentences.push(
      ...report.problems.map(({ path, problem, remedy }) => ({ path, text: `${problem} ${remedy}` })),
    )
    for (const { id, name, split, size } of await service.listImages({ projectId: report.project.id })) {
      taken.images.push({ id, name, split, size, mask: await service.groundTruth({ imageId: id, size }) })
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    taken.sentences.push({ path: '', text: `${error.message} ${error.remedy}` })
  }
  return taken
}

/** Problems, questions, and groups of files that are not used, each with the files that it names. */
function sentencesOf({ problems, questions = [], groups = [] }: ScanReport): Taken['sentences'] {
  return [
    ...problems.map(({ path, problem, remedy }) => ({ path, text: `${problem} ${remedy}` })),
    ...questions.map(({ question, options }) => {
      return { path: '', text: [question, ...options.map(({ label }) => label)].join(' ') }
    }),
    ...groups
      .filter(({ role, reason }) => role === 'ignored' && reason !== '')
      .map(({ pattern, reason }) => ({ path: pattern, text: `"${pattern}" ${reason}` })),
  ]
}

/** Whether a pattern such as "masks/*_seg.png" has a place for the path. */
function fits(pattern: string, path: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(path)
}

/** Whether a sentence names a file, by its path, its name or a pattern; or its folder, in quotes. */
export function said({ sentences, notes }: Taken, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const quoted = [path, name, `${folder}/`, ...(folder ? [folder] : [])].map((text) => `"${text}"`)
  const isNamed = (text: string) =>
    quoted.some((quote) => text.includes(quote)) ||
    [...text.matchAll(/"([^"]*\*[^"]*)"/g)].some(([, pattern]) => fits(pattern, path))
  return isNamed(notes) || sentences.some((one) => one.path === path || isNamed(one.text))
}

/** All that was said, as one text. */
export function everything({ notes, sentences }: Taken): string {
  return [notes, ...sentences.map(({ text }) => text)].join('\n')
}

/** Path without its ending: the name of an image, where no other file of its folder has it too. */
const stem = (path: string) => path.replace(/\.[^./]+$/, '')

export function imageOf({ images }: Taken, path: string): TakenImage | null {
  return images.find(({ name }) => name === path) ?? images.find(({ name }) => name === stem(path)) ?? null
}

/** Pixels of each class of an image's mask, by the class's name, or "void". */
export function pixelsOf(taken: Taken, path: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const id of imageOf(taken, path)?.mask ?? []) {
    const name = id === VOID ? 'void' : taken.classes[id]
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** One thing in which a project is not what its folder holds, and the files that a sentence about it would name. */
export interface Difference {
  what: string
  paths: string[]
}

/** All differences of a project and its folder's truth, said or not. */
export function differences(taken: Taken, truth: Truth): Difference[] {
  const found: Difference[] = []
  const toTaken = idsByTruth(taken, truth)
  const expected = new Set<string>()
  for (const [path, mask] of Object.entries(truth.masks)) {
    const paths = mask ? [path, mask.path] : [path]
    const image = imageOf(taken, path)
    if (!image) {
      found.push({ what: `${path} is no image of the project`, paths })
      continue
    }
    expected.add(image.name)
    const isOff = truth.splits?.[path] !== undefined && truth.splits[path] !== image.split
    if (isOff) found.push({ what: `${path} is in ${image.split}`, paths })
    if (!mask) {
      if (image.mask?.some((id) => id !== VOID)) found.push({ what: `${path} has a mask`, paths })
    } else if (!image.mask) {
      if (mask.ids.some((id) => id !== VOID)) found.push({ what: `${path} has no mask`, paths })
    } else {
      const wrong = wrongPixels(image.mask, mask.ids, toTaken, taken.classes)
      if (wrong) found.push({ what: `${mask.path}: ${wrong}`, paths })
    }
  }
  for (const { name } of taken.images) {
    if (!expected.has(name)) found.push({ what: `${name} is an image of the project`, paths: [name] })
  }
  return found
}

/** By class id of the truth, the project's: of the same name, or else the one that most of its pixels have. */
function idsByTruth(taken: Taken, truth: Truth): Map<number, number> {
  if (truth.classes) return new Map(truth.classes.map((name, id) => [id, taken.classes.indexOf(name)]))
  const counts = new Map<number, Map<number, number>>()
  for (const [path, mask] of Object.entries(truth.masks)) {
    const ids = imageOf(taken, path)?.mask
    mask?.ids.forEach((id, i) => {
      if (!ids || id === VOID) return
      const of = counts.get(id) ?? counts.set(id, new Map()).get(id)
      of?.set(ids[i], (of.get(ids[i]) ?? 0) + 1)
    })
  }
  const most = [...counts].map(([id, of]) => [id, [...of].sort((a, b) => b[1] - a[1])[0][0]] as const)
  const claimed = new Set<number>()
  return new Map(
    most.map(([id, takenId]) => {
      // Two classes that became one, or one that became void, are nowhere right.
      const isFree = takenId !== VOID && !claimed.has(takenId)
      claimed.add(takenId)
      return [id, isFree ? takenId : -1]
    }),
  )
}

function wrongPixels(
  mask: Uint8Array,
  ids: Uint8Array,
  toTaken: ReadonlyMap<number, number>,
  names: readonly string[],
): string | null {
  if (mask.length !== ids.length) return `${mask.length} pixels instead of ${ids.length}`
  const wrong = new Map<string, number>()
  ids.forEach((id, i) => {
    const right = id === VOID ? VOID : toTaken.get(id)
    if (mask[i] === right) return
    const became = mask[i] === VOID ? 'void' : `"${names[mask[i]]}"`
    const key = `${id === VOID ? 'void' : `class ${id}`} became ${became}`
    wrong.set(key, (wrong.get(key) ?? 0) + 1)
  })
  if (wrong.size === 0) return null
  return [...wrong].map(([what, count]) => `${what} on ${count} pixels`).join(', ')
}

/** All images and masks are in the project, pixel by pixel, and nothing else. */
export function expectRight(taken: Taken, truth: Truth): void {
  const found = differences(taken, truth).map(({ what }) => what)
  expect(found, everything(taken)).toEqual([])
  if (truth.classes) expect(taken.classes).toEqual(expect.arrayContaining(truth.classes))
}

/** Whatever is not right has a sentence that names one of its files. */
export function expectRightOrSaid(taken: Taken, truth: Truth): void {
  expect(silent(taken, truth), everything(taken)).toEqual([])
}

/** What is wrong without a word. */
export function silent(taken: Taken, truth: Truth): string[] {
  const isRefused = taken.report === null && taken.sentences.length > 0
  return differences(taken, truth)
    .filter(({ paths }) => !isRefused && !paths.some((path) => said(taken, path)))
    .map(({ what }) => what)
}
