/** Any folder of images, with same-named PNG masks in a folder beside them or without. */
import type { FileProblem } from '../../domain/dataset'
import { findClassFile, parseClassFile } from '../class-files/class-file'
import { assemble, type FoundImage } from './assemble'
import type { Dataset, DatasetMask, FolderReader } from './dataset'
import { inferClasses } from './infer-classes'
import { folderSplit, IMAGE_FOLDERS, isImage, isUnreadableImage, type ParsedPath } from './paths'

/** In this folder Pascal VOC and CVAT keep masks of objects, which are not read. */
const OBJECT_FOLDER = 'segmentationobject'
const MASK_FOLDERS = new Set([
  'labels',
  'label',
  'masks',
  'mask',
  'annotations',
  'annotation',
  'annot',
  'segmentationclass',
  'groundtruth',
  'gt',
])
/** A folder whose name says both role and split: `trainannot`, `val_labels`. */
const SPLIT_MASK_FOLDER = /^(train|val|test)[_-]?(annot|labels?|masks?)$/i
/** Folders by which Cityscapes and BDD100K are known. */
const LAYOUT_FOLDERS = new Set(['leftimg8bit', 'gtfine', 'seg'])
/** Suffixes that tools append to the image's name, tried when no image has the mask's whole name. */
const MASK_SUFFIX = /[_-](mask|masks|label|labels|gt|l|train_id|labelids)$/i

interface Located {
  parsed: ParsedPath
  split: FoundImage['split']
  isMask: boolean
  /** Split, the folders that say neither role nor split, and the name without extension. */
  key: string
}

/** @returns the dataset; without items when there is not one image */
export async function recogniseGeneric(
  paths: readonly ParsedPath[],
  reader: FolderReader,
  isExhaustive: boolean,
): Promise<Dataset> {
  const problems: FileProblem[] = []
  const located = withMasksBeside(paths.filter((parsed) => isImage(parsed) && !isOfObjects(parsed)).map(locate))
  for (const { path } of paths.filter(isUnreadableImage)) {
    problems.push({
      path,
      problem: `"${path}" has a format that is not read here; it was left out.`,
      remedy: 'Save it as PNG or JPEG.',
    })
  }
  const images = withDistinctKeys(located.filter(({ isMask }) => !isMask))
  const maskFiles = located.filter(({ isMask, parsed }) => isMask && isPng(parsed, problems))
  const matched = matchMasks(images, maskFiles, problems)
  const classPath = findClassFile(paths.map(({ path }) => path))
  const classFile = classPath ? parseClassFile(classPath, await reader.text(classPath)) : null
  const inferred = await inferClasses(
    matched.map(({ file }) => file.parsed.path),
    classFile,
    reader,
    isExhaustive,
  )
  const masks = new Map<string, DatasetMask[]>()
  for (const { key, file } of matched) {
    masks.set(key, [...(masks.get(key) ?? []), { path: file.parsed.path, coding: inferred.coding }])
  }
  const recognised = masks.size > 0 ? `Images with same-named masks. ${inferred.description}` : 'A folder of images.'
  return assemble({ format: 'generic', recognised, classes: inferred.classes, images, masks, problems })
}

/** Role and split, from the deepest folder that says one. */
function locate(parsed: ParsedPath): Located {
  const { folders, stem } = parsed
  const joint = folders.findLastIndex((folder) => SPLIT_MASK_FOLDER.test(folder))
  const role = folders.findLast(saysRole)
  const splitAt = folders.findLastIndex((folder) => folderSplit(folder) !== null)
  const isMask = joint >= 0 || (role !== undefined && MASK_FOLDERS.has(role.toLowerCase()))
  const split = folderSplit(joint >= 0 ? (SPLIT_MASK_FOLDER.exec(folders[joint])?.[1] ?? '') : (folders[splitAt] ?? ''))
  const used = joint >= 0 ? joint : splitAt
  const rest = folders.filter((folder, index) => index !== used && !saysRole(folder))
  return { parsed, split, isMask, key: [split ?? '', ...rest, stem].join('/') }
}

/** Whether a folder's name says what kind of files it holds, or belongs to the layout of a dataset. */
export function isTelling(folder: string): boolean {
  if (saysRole(folder) || SPLIT_MASK_FOLDER.test(folder)) return true
  return folderSplit(folder) !== null || LAYOUT_FOLDERS.has(folder.toLowerCase())
}

/**
 * Adds the extension to the keys of images that differ in nothing else, and of masks named after them (`x.jpg.png`).
 */
function withDistinctKeys(images: Located[]): Located[] {
  const uses = new Map<string, number>()
  for (const { key } of images) uses.set(key, (uses.get(key) ?? 0) + 1)
  return images.map((image) => {
    const { key, parsed } = image
    if (uses.get(key) === 1) return image
    return { ...image, key: key + parsed.path.slice(parsed.path.lastIndexOf('.')) }
  })
}

/** Without any mask folder, a PNG beside a photo of the same name is its mask. */
function withMasksBeside(located: Located[]): Located[] {
  if (located.some(({ isMask }) => isMask)) return located
  const photos = new Set(located.filter(({ parsed }) => parsed.extension !== 'png').map(({ key }) => key))
  return located.map((file) => ({ ...file, isMask: file.parsed.extension === 'png' && photos.has(file.key) }))
}

function isPng({ path, extension }: ParsedPath, problems: FileProblem[]): boolean {
  if (extension === 'png') return true
  problems.push({
    path,
    problem: `The mask "${path}" is not a PNG; other formats change label values. It was left out.`,
    remedy: 'Export the masks as PNG.',
  })
  return false
}

interface MatchedMask {
  /** Key of the image; the mask's own when it has none. */
  key: string
  file: Located
}

/**
 * Gives each mask its image: the same folders and name; else without the suffix a tool appended; else the only image of
 * that name in the split. A mask that several images could own is reported and belongs to none.
 */
function matchMasks(images: Located[], masks: Located[], problems: FileProblem[]): MatchedMask[] {
  const imageKeys = new Set(images.map(({ key }) => key))
  const taken = new Set<string>()
  const matched: MatchedMask[] = []
  const rest: Located[] = []
  for (const file of masks) {
    const key = [file.key, file.key.replace(MASK_SUFFIX, '')].find((candidate) => imageKeys.has(candidate))
    if (key === undefined) rest.push(file)
    else {
      taken.add(key)
      matched.push({ key, file })
    }
  }
  const byStem = new Map<string, Located[]>()
  for (const image of images) {
    if (!taken.has(image.key)) byStem.set(stemKey(image), [...(byStem.get(stemKey(image)) ?? []), image])
  }
  for (const file of rest) {
    const owners = byStem.get(stemKey(file)) ?? byStem.get(stemKey(file).replace(MASK_SUFFIX, '')) ?? []
    if (owners.length <= 1) matched.push({ key: owners[0]?.key ?? file.key, file })
    else problems.push(ambiguous(file, owners))
  }
  return matched
}

function stemKey({ parsed, split }: Located): string {
  return `${split ?? ''}/${parsed.stem}`
}

function ambiguous({ parsed: { path } }: Located, owners: Located[]): FileProblem {
  const names = owners.slice(0, 3).map((owner) => `"${owner.parsed.path}"`)
  return {
    path,
    problem: `The mask "${path}" could belong to ${names.join(' or ')}; it was left out.`,
    remedy: 'Put the masks into folders that mirror the image folders.',
  }
}

function isOfObjects({ folders }: ParsedPath): boolean {
  return folders.some((folder) => folder.toLowerCase() === OBJECT_FOLDER)
}

function saysRole(folder: string): boolean {
  return IMAGE_FOLDERS.has(folder.toLowerCase()) || MASK_FOLDERS.has(folder.toLowerCase())
}
