/** Reads meaning out of paths, which are relative to the imported folder and use '/'. */

/**
 * A path taken apart. Folders and stem are in one Unicode form (NFC): macOS writes accents apart, others do not, and
 * both mean the same name.
 */
export interface ParsedPath {
  /** Unchanged, to open the file by. */
  path: string
  /** Folders from the top. */
  folders: string[]
  /** File name without extension. */
  stem: string
  /** Lower case, without dot. */
  extension: string
}

export function parsePath(path: string): ParsedPath {
  const folders = path
    .normalize('NFC')
    .split('/')
    .filter((segment) => segment !== '')
  const file = folders.pop() ?? ''
  const dot = file.lastIndexOf('.')
  return {
    path,
    folders,
    stem: dot > 0 ? file.slice(0, dot) : file,
    extension: dot > 0 ? file.slice(dot + 1).toLowerCase() : '',
  }
}

/** Path without its extension. */
export function withoutExtension({ folders, stem }: ParsedPath): string {
  return [...folders, stem].join('/')
}

export type FolderSplit = 'train' | 'val' | 'test'

const SPLIT_NAMES: Record<string, FolderSplit> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  test: 'test',
  testing: 'test',
}

/** The split that a folder's name says, or null. */
export function folderSplit(folder: string): FolderSplit | null {
  return Object.hasOwn(SPLIT_NAMES, folder.toLowerCase()) ? SPLIT_NAMES[folder.toLowerCase()] : null
}

/** "3 images", "1 image". */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Folder names that say that the files are images. */
export const IMAGE_FOLDERS: ReadonlySet<string> = new Set([
  'images',
  'image',
  'imgs',
  'img',
  'jpegimages',
  'photos',
  'rgb',
])

/** Path of an image's mask below a folder of masks: the image's own, without folders that say that it is an image. */
export function maskPath(imageName: string): string {
  const parts = imageName.split('/')
  const stem = parts.pop() ?? ''
  return [...parts.filter((folder) => !IMAGE_FOLDERS.has(folder.toLowerCase())), stem].join('/')
}
