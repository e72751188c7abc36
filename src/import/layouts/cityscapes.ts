import { CITYSCAPES_CLASSES } from '../../domain/classes'
import { CITYSCAPES_COLOR_CODING, CITYSCAPES_LABEL_ID_CODING, CITYSCAPES_TRAIN_ID_CODING } from '../classes/known'
import { assemble, type FoundImage } from './assemble'
import type { Dataset, DatasetMask, MaskCoding } from './dataset'
import { folderSplit, isImage, type ParsedPath } from './paths'

const IMAGE_SUFFIX = '_leftImg8bit'

/** Mask kinds from the one to prefer; all name the same 19 classes. */
const MASK_KINDS: { suffix: string; coding: MaskCoding }[] = [
  { suffix: '_gtFine_labelTrainIds', coding: CITYSCAPES_TRAIN_ID_CODING },
  { suffix: '_gtFine_labelIds', coding: CITYSCAPES_LABEL_ID_CODING },
  { suffix: '_gtFine_color', coding: CITYSCAPES_COLOR_CODING },
]

/**
 * Cityscapes: `leftImg8bit/<split>/<city>/*_leftImg8bit.png` with `gtFine/<split>/<city>/*_gtFine_labelTrainIds.png`,
 * else labelIds (mapped to trainIds), else color. The coarse extra images (`train_extra`, `gtCoarse`) are not read.
 * @returns null when no path has that form
 */
export function recogniseCityscapes(paths: readonly ParsedPath[]): Dataset | null {
  const images: FoundImage[] = []
  const candidates = new Map<string, { rank: number; masks: DatasetMask[] }>()
  for (const parsed of paths) {
    const { path, folders, stem, extension } = parsed
    const split = folderSplit(folders.at(-2) ?? '')
    if (!split) continue
    const scene = (suffix: string) => [split, folders.at(-1), stem.slice(0, -suffix.length)].join('/')
    if (isImage(parsed) && stem.endsWith(IMAGE_SUFFIX)) images.push({ parsed, split, key: scene(IMAGE_SUFFIX) })
    const rank = extension === 'png' ? MASK_KINDS.findIndex(({ suffix }) => stem.endsWith(suffix)) : -1
    if (rank < 0) continue
    const { suffix, coding } = MASK_KINDS[rank]
    const best = candidates.get(scene(suffix))
    if (!best || rank < best.rank) candidates.set(scene(suffix), { rank, masks: [{ path, coding }] })
    else if (rank === best.rank) best.masks.push({ path, coding })
  }
  if (images.length === 0) return null
  const masks = new Map([...candidates].map(([key, candidate]) => [key, candidate.masks]))
  const kinds = [
    ...new Set([...candidates.values()].map(({ rank }) => MASK_KINDS[rank].suffix.replace('_gtFine_', ''))),
  ]
  const recognised =
    masks.size > 0
      ? `Cityscapes: leftImg8bit with gtFine ${kinds.join(' and ')}.`
      : 'Cityscapes: leftImg8bit without gtFine.'
  return assemble({ format: 'cityscapes', recognised, classes: CITYSCAPES_CLASSES, images, masks })
}
