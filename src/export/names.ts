/** Names and folders by which the tools of a layout find the mask of an image. Pure. */

import type { Split } from '../domain/dataset'
import { type FolderSplit, folderSplit } from '../import/layouts/paths'

interface NamedImage {
  /** Path without extension, unique in the project. */
  name: string
  split: Split
}

type NameOf = (image: Pick<NamedImage, 'name'>) => string

/** Names that Windows gives to devices, with any extension. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\s*(?:\.|$))/i

/** Bytes in UTF-8 that a name may have. Systems take 255: endings such as `_gtFine_labelTrainIds.png` follow. */
const LONGEST_NAME = 200

/** The path, each part of it changed where Windows, macOS or Linux could not unpack it. */
export function portablePath(path: string): string {
  return path.split('/').map(portableName).join('/')
}

function portableName(name: string): string {
  const plain = shortened(name.replace(/[<>:"|?*\\\p{Cc}]/gu, '_'))
  return plain.replace(/^\s|[\s.]$|^$/gu, '_').replace(DEVICE_NAME, '_$&')
}

function shortened(name: string): string {
  const encoder = new TextEncoder()
  let short = ''
  let bytes = 0
  for (const character of name) {
    bytes += encoder.encode(character).length
    if (bytes > LONGEST_NAME) break
    short += character
  }
  return short
}

/** Equal for paths that are one file on some system: those that differ in case, or in the Unicode form alone. */
export function fileKey(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

/** `name`, with a number behind it when one with its key is taken. Its key is taken from now on. */
export function claim(taken: Set<string>, name: string, keyOf: (name: string) => string = fileKey): string {
  let candidate = name
  for (let count = 2; taken.has(keyOf(candidate)); count++) candidate = `${name}_${count}`
  taken.add(keyOf(candidate))
  return candidate
}

/**
 * Short names for images, by default their names without folders, so that every system can unpack them and tells them
 * apart. Names that clash become their whole path, `a/b` as `a_b`; if two are still equal, they get numbers.
 */
export function distinctNames(images: readonly Pick<NamedImage, 'name'>[], shorten = withoutFolders): NameOf {
  const shortOf = (name: string) => portablePath(shorten(name))
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const { name } of images) {
    const key = fileKey(shortOf(name))
    const keys = seen.has(key) ? shared : seen
    keys.add(key)
  }
  const taken = new Set([...seen].filter((key) => !shared.has(key)))
  const names = new Map<string, string>()
  for (const { name } of unchangedFirst(images)) {
    const short = shortOf(name)
    const isShared = shared.has(fileKey(short))
    names.set(name, isShared ? claim(taken, portableName(name.replaceAll('/', '_'))) : short)
  }
  return ({ name }) => names.get(name) ?? name
}

/** Images whose names can stay as they are come first, so that these keep them. */
function unchangedFirst<T extends Pick<NamedImage, 'name'>>(images: readonly T[]): T[] {
  const isChanged = ({ name }: T) => Number(portablePath(name) !== name)
  return images.toSorted((a, b) => isChanged(a) - isChanged(b))
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

/** The names without the folders that all of them begin with, as every system can unpack them and tells them apart. */
export function withoutCommonFolders(images: readonly Pick<NamedImage, 'name'>[]): NameOf {
  const paths = images.map(({ name }) => name.split('/'))
  const [first = []] = paths
  let depth = 0
  while (depth < first.length - 1 && paths.every((path) => depth < path.length - 1 && path[depth] === first[depth])) {
    depth++
  }
  const taken = new Set<string>()
  const names = new Map<string, string>()
  for (const { name } of unchangedFirst(images)) {
    names.set(name, claim(taken, portablePath(name.split('/').slice(depth).join('/'))))
  }
  return ({ name }) => names.get(name) ?? name
}
