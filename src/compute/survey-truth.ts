/** What the oracle can label at a run's input size: the classes in the ground truth, and images without any. */
import { type ClassPixels, classedPixels, countClassIds, storedPixels } from '../domain/class-pixels'
import type { GroundTruthRecord, ImageRecord, ProjectRecord } from '../domain/project'
import type { Size } from '../domain/size'
import { loadClassIds } from '../image/label-png'
import type { Database } from '../storage/database'
import { getGroundTruth, listImages } from '../storage/images'
import { readStored } from '../storage/stored-file'

/** The ground truth of the train images at the input size. */
export interface TruthSurvey {
  /** Ids of images without a pixel of a class. */
  voidImages: string[]
  /** How many of them have such pixels at their own size, which the input size skips. */
  lostAtInputSize: number
  /** Classes that occur; when there are two or more, not always all of them. */
  classes: ReadonlySet<number>
}

/** The part of an image's ground truth that a run could learn from. */
export type Counted = Pick<ImageRecord, 'id' | 'size'> & {
  /** At the mask's own size; null where it was never counted. */
  pixels: ClassPixels | null
  /** At the input size. */
  countAtInputSize: () => Promise<ClassPixels>
}

/** @throws AppError `bad_file` naming a mask that cannot be read */
export async function surveyTruth(db: Database, project: ProjectRecord, size: Size): Promise<TruthSurvey> {
  const images = (await listImages(db, project.id)).filter(({ split }) => split === 'train')
  const classCount = project.classes.length
  return survey(counted(db, images, classCount, size), size)
}

async function* counted(
  db: Database,
  images: readonly ImageRecord[],
  classCount: number,
  inputSize: Size,
): AsyncGenerator<Counted> {
  const countAt = async (truth: GroundTruthRecord, name: string) =>
    countClassIds(await readStored(`the mask of ${name}`, loadClassIds(truth, inputSize)), classCount)
  for (const { id, name, size } of images) {
    const truth = await getGroundTruth(db, id)
    if (!truth) continue
    yield { id, size, pixels: storedPixels(truth, classCount), countAtInputSize: () => countAt(truth, name) }
  }
}

/** Reads only those masks whose stored counts leave open what is left of them at the input size. */
export async function survey(images: AsyncIterable<Counted>, inputSize: Size): Promise<TruthSurvey> {
  const voidImages: string[] = []
  const classes = new Set<number>()
  let lostAtInputSize = 0
  for await (const { id, size, pixels, countAtInputSize } of images) {
    const ownPixels = size.height * size.width
    const hasClassAtOwnSize = !pixels || classedPixels(pixels) > 0
    // Nearest resize takes this many different pixels of the mask: where fewer are void, some have a class.
    const taken = Math.min(size.height, inputSize.height) * Math.min(size.width, inputSize.width)
    const isSure = pixels !== null && ownPixels - classedPixels(pixels) < taken
    if (hasClassAtOwnSize && isSure && classes.size >= 2) continue
    const left = hasClassAtOwnSize ? await countAtInputSize() : []
    left.slice(0, -1).forEach((count, classId) => {
      if (count > 0) classes.add(classId)
    })
    if (left.length > 0 && classedPixels(left) > 0) continue
    voidImages.push(id)
    if (pixels && hasClassAtOwnSize) lostAtInputSize++
  }
  return { voidImages, lostAtInputSize, classes }
}
