/** Finds the images that lists of splits name. */
import type { FileProblem } from '../../domain/dataset'
import { countedLists, type ListedSplits, type SplitEntry, type SplitList } from './split-lists'

/** A path in one Unicode form, without capitals: folders from the top, and the name with and without its extension. */
interface Key {
  folders: string[]
  file: string
  stem: string
}

interface Claim {
  entry: SplitEntry
  list: SplitList
  closeness: number
}

/** Of splits that lists give to one image, the first counts: nothing is learned from what is measured. */
const PRECEDENCE = ['val', 'train', 'test'] as const
const KNOWN_EXTENSION = /\.(jpe?g|jfif|jpe|pjpe?g|png|webp|bmp|tiff?|gif|txt|xml|json)$/
/** nnU-Net writes the number of the channel behind the name of a case. */
const CHANNEL = /_\d{4}$/

/**
 * The split of each image by the lists. An entry is that of the images whose paths agree with it best from the end:
 * "/data/train/x.png" is "train/x.jpg" and not "val/x.jpg".
 */
export function matchSplits(imagePaths: readonly string[], lists: readonly SplitList[]): ListedSplits {
  const byStem = new Map<string, { path: string; key: Key }[]>()
  for (const path of imagePaths) {
    const key = keyOf(path)
    for (const stem of new Set([key.stem, key.stem.replace(CHANNEL, '')])) {
      const known = byStem.get(stem)
      if (known) known.push({ path, key })
      else byStem.set(stem, [{ path, key }])
    }
  }
  const claims = new Map<string, Claim[]>()
  const unmatched = new Map<string, string[]>()
  for (const list of countedLists(lists)) {
    for (const entry of list.entries) {
      const key = keyOf(entry.name)
      const found = (byStem.get(key.stem) ?? []).map(({ path, key: image }) => ({
        path,
        closeness: closenessOf(image, key),
      }))
      const most = Math.max(...found.map(({ closeness }) => closeness))
      for (const { path, closeness } of found) {
        if (closeness === most) claims.set(path, [...(claims.get(path) ?? []), { entry, list, closeness }])
      }
      if (found.length === 0) unmatched.set(list.path, [...(unmatched.get(list.path) ?? []), entry.name])
    }
  }
  const conflicts = new Conflicts()
  const splits: [string, NonNullable<SplitEntry['split']>][] = []
  for (const path of imagePaths) {
    const all = claims.get(path) ?? []
    const most = Math.max(...all.map(({ closeness }) => closeness))
    const closest = all.filter(({ closeness, entry }) => closeness === most && entry.split)
    const split = PRECEDENCE.find((each) => closest.some(({ entry }) => entry.split === each))
    if (split) splits.push([path, split])
    const other = closest.find(({ entry }) => entry.split !== split)
    const taken = closest.find(({ entry }) => entry.split === split)
    if (split && other && taken) conflicts.add(path, split, taken.list.path, other.list.path)
  }
  const found = new Map(splits)
  return {
    splits: found,
    unlisted: imagePaths.filter((path) => !claims.has(path)),
    unmatched,
    problems: conflicts.problems(),
  }
}

/** The split that lists give to one image, or null. */
export function splitOf(imagePath: string, lists: readonly SplitList[]): NonNullable<SplitEntry['split']> | null {
  return matchSplits([imagePath], lists).splits.get(imagePath) ?? null
}

function keyOf(path: string): Key {
  const folders = path
    .normalize('NFC')
    .toLowerCase()
    .split(/[\\/]/)
    .filter((segment) => segment !== '' && segment !== '.')
  const file = folders.pop() ?? ''
  return { folders, file, stem: file.replace(KNOWN_EXTENSION, '') }
}

/** Folders that agree from the end; equal names with extension and all count half a folder. */
function closenessOf(image: Key, entry: Key): number {
  let equal = 0
  while (equal < image.folders.length && image.folders.at(-1 - equal) === entry.folders.at(-1 - equal)) equal++
  return equal + (image.file === entry.file ? 0.5 : image.stem === entry.stem ? 0.25 : 0)
}

class Conflicts {
  readonly #found = new Map<string, { path: string; other: string; split: string; images: string[] }>()

  add(image: string, split: string, path: string, other: string) {
    const key = JSON.stringify([path, other])
    const conflict = this.#found.get(key) ?? { path, other, split, images: [] }
    conflict.images.push(image)
    this.#found.set(key, conflict)
  }

  problems(): FileProblem[] {
    return [...this.#found.values()].map(({ path, other, split, images }) => {
      const subject = images.length === 1 ? `"${images[0]}" is` : `${images.length} images, such as "${images[0]}", are`
      const where = path === other ? `more than one split in "${path}"` : `"${path}" and in "${other}"`
      return {
        path,
        problem: `${subject} in ${where}; ${images.length === 1 ? 'it is' : 'they are'} taken for ${split}.`,
        remedy: 'List each image once, or the network is measured on what it has learned from.',
      }
    })
  }
}
