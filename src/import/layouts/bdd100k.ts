import { CITYSCAPES_CLASSES } from '../../domain/classes'
import { BDD100K_CODING } from '../classes/known'
import { assemble, type FoundImage } from './assemble'
import type { Dataset, DatasetMask } from './dataset'
import { folderSplit, isImage, type ParsedPath } from './paths'

interface Layout {
  name: string
  images: string
  masks: string
  maskSuffix: string
}

const LAYOUTS: Layout[] = [
  { name: 'images/10k with labels/sem_seg/masks', images: 'images/10k', masks: 'sem_seg/masks', maskSuffix: '' },
  { name: 'seg/images with seg/labels', images: 'seg/images', masks: 'seg/labels', maskSuffix: '_train_id' },
]

/**
 * BDD100K: `images/10k/<split>/<id>.jpg` with `labels/sem_seg/masks/<split>/<id>.png`, or the legacy
 * `seg/images/<split>/<id>.jpg` with `seg/labels/<split>/<id>_train_id.png`. Masks hold trainIds, 255 unknown.
 * @returns null when no path has either form
 */
export function recogniseBdd100k(paths: readonly ParsedPath[]): Dataset | null {
  for (const layout of LAYOUTS) {
    const images: FoundImage[] = []
    const masks = new Map<string, DatasetMask[]>()
    for (const parsed of paths) {
      const { path, folders, stem, extension } = parsed
      const split = folderSplit(folders.at(-1) ?? '')
      const parent = folders.slice(-3, -1).join('/')
      if (!split) continue
      if (parent === layout.images && isImage(parsed)) images.push({ parsed, split, key: `${split}/${stem}` })
      if (parent === layout.masks && extension === 'png' && stem.endsWith(layout.maskSuffix)) {
        const key = `${split}/${stem.slice(0, stem.length - layout.maskSuffix.length)}`
        masks.set(key, [...(masks.get(key) ?? []), { path, coding: BDD100K_CODING }])
      }
    }
    if (images.length === 0) continue
    const recognised = `BDD100K: ${layout.name}.`
    return assemble({ format: 'bdd100k', recognised, classes: CITYSCAPES_CLASSES, images, masks })
  }
  return null
}
