/** Finds out which dataset a folder holds. */
import type { DatasetFormat } from '../../domain/dataset'
import { AppError } from '../../domain/errors'
import { recogniseBdd100k } from './bdd100k'
import { recogniseCamvid } from './camvid'
import { recogniseCityscapes } from './cityscapes'
import type { Dataset, FolderReader } from './dataset'
import { recogniseGeneric } from './generic'
import { isSystemFile, parsePath } from './paths'

const LAYOUTS: Record<DatasetFormat, string> = {
  cityscapes: 'leftImg8bit/<split>/<city>/*_leftImg8bit.png',
  bdd100k: 'images/10k/<split>/*.jpg or seg/images/<split>/*.jpg',
  camvid: '<split>/*.png with <split>annot/*.png, or images/<split> with labels/<split>',
  generic: 'JPEG, PNG or WebP images, with masks in a folder labels',
}

export interface RecogniseOptions {
  /** The only format to try; when absent, the first that fits. */
  format?: DatasetFormat | undefined
  /** Where no file names the classes, every mask is decoded to find them, not a sample. */
  isExhaustive: boolean
}

/**
 * Recognises a folder by its paths and, where those do not tell, by a class file and a few masks.
 * @throws AppError `no_images` when there is nothing to import; `bad_label` when a class file or the masks hold too
 * many classes
 */
export async function recognise(
  paths: readonly string[],
  reader: FolderReader,
  { format, isExhaustive }: RecogniseOptions,
): Promise<Dataset> {
  const parsed = paths.filter((path) => !isSystemFile(path)).map(parsePath)
  const isAllowed = (candidate: DatasetFormat) => format === undefined || format === candidate
  const dataset =
    (isAllowed('cityscapes') && recogniseCityscapes(parsed)) ||
    (isAllowed('bdd100k') && recogniseBdd100k(parsed)) ||
    (isAllowed('camvid') && (await recogniseCamvid(parsed, reader, format === 'camvid'))) ||
    (isAllowed('generic') && (await recogniseGeneric(parsed, reader, isExhaustive)))
  if (dataset && dataset.items.length > 0) return dataset
  const reasons = dataset ? dataset.problems.slice(0, 3).map(({ problem }) => ` ${problem}`) : []
  throw new AppError(
    'no_images',
    `No images to import were found among ${paths.length} files.${reasons.join('')}`,
    `Choose a folder with ${LAYOUTS[format ?? 'generic']}.`,
  )
}
