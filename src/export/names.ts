/** Names and folders by which the tools of a layout find the mask of an image. Pure. */

import type { Split } from '../domain/dataset'
import { type FolderSplit, folderSplit } from '../import/layouts/paths'

interface NamedImage {
  /** Path without extension, unique in the project. */
  name: string
  split: Split
}

type NameOf = (image: Pick<NamedImage, 'name'>) => string

/** `name`, with a number behind it when it is taken. It is taken from now on. */
export function claim(taken: Set<string>, name: string): string {
  let candidate = name
  for (let count = 2; taken.has(candidate); count++) candidate = `${name}_${count}`
  taken.add(candidate)
  return candidate
}

/**
 * Short names for images, by default their names without folders, so that no two are equal. Names that clash become
 * their whole path, `a/b` as `a_b`; if two are still equal, they get numbers.
 */
export function distinctNames(images: readonly Pick<NamedImage, 'name'>[], shorten = withoutFolders): NameOf {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const { name } of images) (seen.has(shorten(name)) ? shared : seen).add(shorten(name))
  const taken = new Set([...seen].filter((short) => !shared.has(short)))
  const names = new Map<string, string>()
  for (const { name } of images) {
    names.set(name, shared.has(shorten(name)) ? claim(taken, name.replaceAll('/', '_')) : shorten(name))
  }
  return ({ name }) => names.get(name) ?? name
}

function withoutFolders(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

/** For layouts with a folder of masks for each split: names without folders, distinct in each. */
export function namesInSplits(images: readonly NamedImage[]): (image: NamedImage) => string {
  const bySplit = new Map<FolderSplit, NamedImage[]>()
  for (const image of images) {
    const others = bySplit.get(splitOf(image))
    if (others) others.push(image)
    else bySplit.set(splitOf(image), [image])
  }
  const names = new Map([...bySplit].map(([split, members]) => [split, distinctNames(members)]))
  return (image) => names.get(splitOf(image))?.(image) ?? image.name
}

/** The split whose folder the mask belongs in: that of the image's own folder, else the project's. */
export function splitOf({ name, split }: NamedImage): FolderSplit {
  const folders = name.split('/').slice(0, -1)
  return folders.map(folderSplit).findLast((found) => found !== null) ?? split
}

/** The names without the folders that all of them begin with. */
export function withoutCommonFolders(images: readonly Pick<NamedImage, 'name'>[]): NameOf {
  const paths = images.map(({ name }) => name.split('/'))
  const [first = []] = paths
  let depth = 0
  while (depth < first.length - 1 && paths.every((path) => depth < path.length - 1 && path[depth] === first[depth])) {
    depth++
  }
  return ({ name }) => name.split('/').slice(depth).join('/')
}
