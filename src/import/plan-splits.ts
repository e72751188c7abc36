/** The splits of a folder's images, as lists, folders and files of annotations say them. */
import { matchSplits } from './class-files/match-splits'
import type { ListedSplits, SplitList } from './class-files/split-lists'
import type { DatasetMask } from './layouts/dataset'
import { type FolderSplit, folderSplit, type ParsedPath } from './layouts/paths'
import { folderSplits } from './layouts/sibling-splits'

interface Given {
  images: readonly ParsedPath[]
  /** By the image's path. */
  masks: ReadonlyMap<string, ParsedPath>
  /** Path of the image by path of its mask, as a table pairs them. */
  listed: ReadonlyMap<string, string>
  splitLists: readonly SplitList[]
  /** Masks from annotations, by the image's path; null where masks are files. */
  shapes: ReadonlyMap<string, Pick<DatasetMask, 'path'>> | null
}

/**
 * Lists count before folders. A mask that a table names may be called otherwise than its image, in lists as well: there
 * the mask's own folder and name come first.
 */
export function planSplits({ images, masks, listed, splitLists, shapes }: Given) {
  const splitOfPath = folderSplits([...images, ...masks.values()])
  const tabled = new Map([...masks].filter(([image, { path }]) => listed.get(path) === image))
  const open = images.flatMap((image) => {
    const mask = tabled.get(image.path)
    if (!mask) return [image.path]
    return splitOfPath(mask) ? [] : [image.path, mask.path]
  })
  const found: ListedSplits = matchSplits(open, splitLists)
  const splitOf = (image: ParsedPath): FolderSplit | null => {
    const mask = tabled.get(image.path)
    const said = mask && (splitOfPath(mask) ?? found.splits.get(mask.path))
    return said ?? found.splits.get(image.path) ?? splitOfPath(image) ?? splitOfMask(image.path)
  }
  const splitOfMask = (path: string) => {
    const mask = masks.get(path)
    return mask ? splitOfPath(mask) : splitOfAnnotations(shapes?.get(path)?.path)
  }
  return { ...found, splitOf }
}

/** The split that the name of a file of annotations says: "instances_train2017.json", "stuff_val.json". */
function splitOfAnnotations(path = ''): FolderSplit | null {
  const words = path.slice(path.lastIndexOf('/') + 1).split(/[^a-z]+/i)
  return words.map(folderSplit).find((split) => split !== null) ?? null
}
