/** Reads all masks of a folder, finds out what their values mean, and checks that each fits its image. */
import type { ClassDefinition } from '../domain/classes'
import type { Answers, DatasetFormat, FileProblem, ImportQuestion } from '../domain/dataset'
import { FileFault } from '../domain/errors'
import type { Size } from '../domain/size'
import { claimedSize, isHuge } from '../image/file-check'
import { maskOrientation } from '../image/orientation'
import { type ClassFile, classFileFor } from './class-files/class-file'
import { type MaskCensus, takeCensus } from './classes/census'
import { findMeaning, type MaskReading, storedCoding } from './classes/meaning'
import type { Folder } from './files/folder'
import { readOrientation } from './files/read-orientation'
import type { DatasetMask } from './layouts/dataset'
import type { ParsedPath } from './layouts/paths'
import { nameOfFormat, schemeOf } from './layouts/schemes'

export interface PlannedMasks {
  format: DatasetFormat
  classes: ClassDefinition[]
  /** A sentence: which file, or what in the masks, says the classes. */
  classSource: string
  /** By the image's path. */
  masks: Map<string, DatasetMask>
  notes: string[]
  questions: ImportQuestion[]
  problems: FileProblem[]
}

interface Given {
  images: readonly ParsedPath[]
  /** By the image's path. */
  masks: ReadonlyMap<string, ParsedPath>
  classFiles: readonly ClassFile[]
  format: DatasetFormat | undefined
  answers: Answers
}

/** Is told of every mask that is read. */
export type OnMask = (done: number, total: number, path: string) => void

export async function planMasks(given: Given, folder: Folder, onMask: OnMask): Promise<PlannedMasks> {
  const { images, classFiles, format, answers } = given
  const problems: FileProblem[] = []
  const pairs = images.flatMap((image) => {
    const mask = given.masks.get(image.path)
    return mask ? [{ image, mask }] : []
  })
  const censuses = new Map<string, MaskCensus>()
  for (const [done, { image, mask }] of pairs.entries()) {
    onMask(done, pairs.length, mask.path)
    const census = await fittingCensus(mask.path, image.path, folder, problems)
    if (census) censuses.set(mask.path, census)
  }
  const read = pairs.filter(({ mask }) => censuses.has(mask.path))
  const evidence = read.flatMap(({ mask }) => {
    const census = censuses.get(mask.path)
    return census ? [{ census, classFile: classFileFor(mask.path, classFiles) }] : []
  })
  const scheme = schemeOf(read, { format, classFiles })
  const meaning = findMeaning(evidence, scheme, answers)
  const masks = new Map<string, DatasetMask>()
  for (const { image, mask } of read) {
    const [census, reading] = [censuses.get(mask.path), meaning.readings.get(mask.path)]
    if (census && reading) masks.set(image.path, datasetMask(census, reading))
  }
  const isScheme = scheme !== null && meaning.classes === scheme.classes
  return {
    format: isScheme ? scheme.format : 'generic',
    classes: meaning.classes,
    classSource: meaning.source,
    masks,
    notes: [...(format && !scheme ? misfitNotes(format) : []), ...meaning.notes],
    questions: meaning.questions,
    problems: [...problems, ...meaning.problems],
  }
}

/** A person has chosen a format in whose form the files do not lie. */
function misfitNotes(format: DatasetFormat): string[] {
  const name = nameOfFormat(format)
  return name ? [`The files are not laid out like ${name}: they were read as images and masks.`] : []
}

function datasetMask(census: MaskCensus, reading: MaskReading): DatasetMask {
  const coding = storedCoding(reading, census)
  const { path, size } = census
  return {
    path,
    size,
    source: coding ? { kind: 'file', coding } : { kind: 'reading', reading },
    pixels: reading.pixels,
  }
}

/** null, and a problem, for a mask that cannot be read or has another size than its image. */
async function fittingCensus(
  path: string,
  imagePath: string,
  folder: Folder,
  problems: FileProblem[],
): Promise<MaskCensus | null> {
  try {
    const { mask, isLossy } = await folder.picture(path)
    const image = await sizeOfImage(imagePath, folder)
    if (!image || (await fits(mask.size, image, imagePath, folder))) return takeCensus(path, mask, isLossy)
    problems.push(misfit(path, mask.size, imagePath, image))
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    problems.push({ path, problem: `"${path}" ${error.message}; it was left out.`, remedy: error.remedy })
  }
  return null
}

/** As its pixels are stored; null for what is no image: what is wrong with it, the import says. */
export async function sizeOfImage(path: string, folder: Folder): Promise<Size | null> {
  const size = claimedSize(await folder.head(path))
  return size && !isHuge(size) ? size : null
}

/** A mask may also lie on the upright pixels of a photo whose stored ones are turned. */
export async function fits(mask: Size, stored: Size, imagePath: string, folder: Folder): Promise<boolean> {
  if (mask.height === stored.height && mask.width === stored.width) return true
  if (mask.height !== stored.width || mask.width !== stored.height) return false
  return (
    maskOrientation(mask, {
      upright: mask,
      orientation: await readOrientation(await folder.bytes(imagePath)),
    }) !== null
  )
}

export function misfit(path: string, mask: Size, imagePath: string, image: Size): FileProblem {
  const sides = ({ height, width }: Size) => `${width} x ${height}`
  return {
    path,
    problem: `The mask "${path}" is ${sides(mask)} pixels, but its image "${imagePath}" is ${sides(image)}; the mask was left out.`,
    remedy: 'Export the mask at the size of the image.',
  }
}
