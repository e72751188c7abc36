/** Masks from files of annotations: their shapes are drawn. */
import type { DatasetFormat, FileProblem } from '../domain/dataset'
import type { AnnotatedImage, Annotations } from './annotations/annotated'
import { joinAnnotations } from './annotations/join'
import { matchAnnotated } from './annotations/match'
import { CITYSCAPES, unreadProblems } from './annotations/unread'
import type { ClassFile } from './class-files/class-file'
import type { Folder } from './files/folder'
import type { DatasetMask } from './layouts/dataset'
import { countOf, type ParsedPath } from './layouts/paths'
import { fits, misfit, type OnMask, type PlannedMasks, sizeOfImage } from './plan-masks'

interface Given {
  images: readonly ParsedPath[]
  annotations: readonly Annotations[]
  classFiles: readonly ClassFile[]
}

/** The masks that annotations give; null when there are none. Shapes are drawn once, to be counted. */
export async function planShapes(given: Given, folder: Folder, onMask: OnMask): Promise<PlannedMasks | null> {
  const { annotations, images, classFiles } = given
  const drawable = annotations.filter((file) => file.images.some(({ isAnnotated }) => isAnnotated))
  if (drawable.length === 0) return null
  const listing = listingOf(drawable, classFiles)
  const listed = listing?.entries.filter(({ isVoid }) => !isVoid) ?? []
  const { classes, files } = joinAnnotations(drawable, listed)
  const matched = matchAnnotated(
    images.map(({ path }) => path),
    files,
  )
  const problems = [...matched.problems]
  const sources = new Map(files.flatMap((file) => file.images.map((image) => [image, file.path])))
  const masks = new Map<string, DatasetMask>()
  const pairs = [...matched.byImage].filter(([, image]) => image.isAnnotated)
  for (const [done, [path, image]] of pairs.entries()) {
    onMask(done, pairs.length, path)
    const mask = await drawnMask(path, image, sources.get(image) ?? '', folder, problems)
    if (mask) masks.set(path, mask)
  }
  return {
    format: 'generic' satisfies DatasetFormat,
    classes,
    classSource: listing
      ? `Class names are from "${listing.path}" and the annotations.`
      : `Class names are those of the annotations in ${namesOf(drawable)}.`,
    masks,
    notes: [
      `The shapes in ${namesOf(drawable)} (${[...new Set(drawable.map(({ tool }) => tool))].join(', ')}) are drawn as masks.`,
      ...new Set(drawable.flatMap(({ notes }) => notes)),
    ],
    questions: [],
    problems,
  }
}

/**
 * Annotations of formats that are not read, and those beside masks as images. Masks of Cityscapes come with the polygons
 * that they were made of, which are no loss.
 */
export function unusedAnnotations(annotations: readonly Annotations[], hasMaskFiles: boolean): FileProblem[] {
  if (!hasMaskFiles) return unreadProblems(annotations)
  const tools = new Set(annotations.filter(({ images }) => images.length > 0).map(({ tool }) => tool))
  const unused = [...tools].map((tool) => {
    const files = annotations.filter((file) => file.tool === tool && file.images.length > 0)
    return {
      path: files[0].path,
      problem: `The ${tool} annotations in ${namesOf(files)} were not used: this folder has masks as images.`,
      remedy: 'To use them instead, set the files of masks to be ignored, or leave them out of the folder.',
    }
  })
  return [...unused, ...unreadProblems(annotations.filter(({ tool }) => tool !== CITYSCAPES))]
}

/** The first class file that names a class of the annotations. */
function listingOf(annotations: readonly Annotations[], classFiles: readonly ClassFile[]): ClassFile | undefined {
  const names = new Set(annotations.flatMap(({ classes }) => classes.map(({ name }) => name)))
  return classFiles.find(({ entries }) => entries.some(({ name }) => names.has(name)))
}

function namesOf(files: readonly Annotations[]): string {
  return files.length === 1 ? `"${files[0].path}"` : `${countOf(files.length, 'file')}, such as "${files[0].path}"`
}

/** null, and a problem, when the annotations are of an image of another size. */
async function drawnMask(
  imagePath: string,
  image: AnnotatedImage,
  path: string,
  folder: Folder,
  problems: FileProblem[],
): Promise<DatasetMask | null> {
  const stored = await sizeOfImage(imagePath, folder)
  if (image.size && stored && !(await fits(image.size, stored, imagePath, folder))) {
    problems.push(misfit(path, image.size, imagePath, stored))
    return null
  }
  const pixels = stored && counted(image.draw(image.size ?? stored))
  return { path, size: image.size, source: { kind: 'shapes', draw: image.draw }, pixels }
}

function counted(classIds: Uint8Array): Map<number, number> {
  const counts = new Float64Array(256)
  for (const id of classIds) counts[id]++
  return new Map([...counts.entries()].filter(([, count]) => count > 0))
}
