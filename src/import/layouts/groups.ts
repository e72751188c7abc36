/** Gathers files whose folders and names have one pattern: a person decides about them together, and so does this page. */
import { byCodeUnits } from './dataset'
import {
  folderKind,
  folderWords,
  kindOfWord,
  type NameParts,
  namePartsOf,
  splitOfFolder,
  type WordKind,
  withoutSplit,
} from './name-words'
import type { FolderSplit, ParsedPath } from './paths'

/** A picture of the folder, image or mask. */
export interface Picture {
  parsed: ParsedPath
  parts: NameParts
  /** Names of folders, in small letters, that say neither a kind nor a split: those of sequences, of places. */
  places: string[]
  split: FolderSplit | null
}

export interface Group {
  /** Equal for the same files, whatever they are taken for. */
  id: string
  /** Folders and names, with `*` for what varies. */
  pattern: string
  pictures: Picture[]
  /** What the names say; null when they say nothing. */
  said: WordKind | null
  /** A folder's name says what they are, not only names of files. */
  isSaidByFolder: boolean
  /** Folder and name say different things: "images/no-mask.jpg". */
  isContradicted: boolean
  /** What tells these from other masks of the same images: the telling folder and the name's pattern. */
  family: string
}

/** Folders beside each other, this many or more, of which no name says anything, vary like names of files. */
const VARYING_FOLDERS = 3

export function pictureOf(parsed: ParsedPath): Picture {
  const silent = parsed.folders.filter((folder) => folderKind(folder) === null && splitOfFolder(folder) === null)
  const places = silent.map((folder) => folder.toLowerCase())
  return { parsed, parts: namePartsOf(parsed.stem), places, split: splitOfPath(parsed) }
}

/** The split that the deepest folder that says one says. */
export function splitOfPath({ folders }: ParsedPath): FolderSplit | null {
  return folders.map(splitOfFolder).findLast((split) => split !== null) ?? null
}

/** @param isApart folders whose files are looked at apart, although others beside them have equal names */
export function groupPictures(
  pictures: readonly Picture[],
  isApart: (folder: string) => boolean = () => false,
): Group[] {
  const varies = varyingFolders(pictures, isApart)
  const groups = new Map<string, Picture[]>()
  for (const picture of pictures) {
    const { folders, extension } = picture.parsed
    const names = folders.map((folder, depth) => {
      const path = folders.slice(0, depth + 1).join('/')
      return varies.has(path) ? '*' : withoutSplit(folder)
    })
    const pattern = `${[...names, picture.parts.pattern].join('/')}.${kindOfFile(extension)}`
    const others = groups.get(pattern)
    if (others) others.push(picture)
    else groups.set(pattern, [picture])
  }
  return [...groups]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([pattern, members]) => ({
      id: pattern,
      pattern,
      pictures: members,
      said: saidBy(members[0]),
      isSaidByFolder: tellingFolder(members[0].parsed) !== null,
      isContradicted: contradicts(members[0]),
      family: familyOf(members[0]),
    }))
}

/** JPEGs have five endings. */
function kindOfFile(extension: string): string {
  return /^(jpe?g?|jfif|pjpeg|pjp)$/.test(extension) ? 'jpg' : extension
}

function varyingFolders(pictures: readonly Picture[], isApart: (folder: string) => boolean): Set<string> {
  const children = new Map<string, Set<string>>()
  for (const { parsed } of pictures) {
    for (const [depth, folder] of parsed.folders.entries()) {
      const parent = parsed.folders.slice(0, depth).join('/')
      const known = children.get(parent) ?? new Set()
      children.set(parent, known.add(folder))
    }
  }
  const varying = new Set<string>()
  for (const [parent, folders] of children) {
    const silent = [...folders].filter((folder) => folderKind(folder) === null && splitOfFolder(folder) === null)
    if (silent.length < VARYING_FOLDERS) continue
    for (const folder of silent) {
      const path = parent === '' ? folder : `${parent}/${folder}`
      if (!isApart(path)) varying.add(path)
    }
  }
  return varying
}

/** What the name of a file and the deepest folder that says anything say together. */
function saidBy({ parsed, parts }: Picture): WordKind | null {
  const folder = tellingFolder(parsed)
  const kinds = [...parts.kinds, ...(folder === null ? [] : [folderKind(folder)])]
  // A mask may be named "img_7" in a folder of masks, and a picture of masks "labels_viz".
  const order = ['objects', 'view', 'color', 'mask', 'image'] as const
  // "semantic_masks/x_instance_color.png" are of classes, whatever the name was meant to say.
  const isOfClasses = folder !== null && folderWords(folder).some((word) => /^semantics?$/.test(word))
  const first = order.find((kind) => kinds.includes(kind) && !(kind === 'objects' && isOfClasses)) ?? null
  // "color" alone is a colour photo.
  return first === 'color' && !kinds.includes('mask') && !/map|mask/.test(`${folder}${parts.words}`) ? null : first
}

function contradicts({ parsed, parts }: Picture): boolean {
  const folder = tellingFolder(parsed)
  // No image is named as a mask of Cityscapes, in whatever folder.
  if (parts.words.some((word) => word === 'gtfine' || word === 'gtcoarse')) return false
  return folder !== null && folderKind(folder) === 'image' && !parts.kinds.includes('image') && parts.kinds.length > 0
}

function tellingFolder({ folders }: ParsedPath): string | null {
  const last = folders.findLastIndex((folder) => folderKind(folder) !== null)
  if (last < 0) return null
  // The images in "semantic_masks/images" are pictures of masks.
  const above = last > 0 && folderKind(folders[last]) === 'image' ? folderWords(folders[last - 1]) : []
  const isOfMasks =
    above.length > 1 && above.every((word) => kindOfWord(word) !== null) && /^masks?$/.test(above.at(-1) ?? '')
  return folders[isOfMasks ? last - 1 : last]
}

function familyOf({ parsed, parts }: Picture): string {
  const folder = tellingFolder(parsed) ?? parsed.folders.filter((name) => splitOfFolder(name) === null).join('/')
  return `${withoutSplit(folder)}/${parts.pattern}`
}
