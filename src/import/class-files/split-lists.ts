/** Lists of which images are for training and which for validation, as data sets carry them in files. */
import type { FileProblem } from '../../domain/dataset'
import { plain } from './names'
import { contentLines, quotedRows, unquoted } from './rows'

type ListedSplit = 'train' | 'val' | 'test'

export interface SplitEntry {
  /** As the list writes it: a path or a name, with its extension or without. */
  name: string
  /** null where the list says only that the image is there. */
  split: ListedSplit | null
}

export interface SplitList {
  path: string
  /** Of all entries; null where they differ, or the list says none. */
  split: ListedSplit | null
  entries: SplitEntry[]
}

export interface ListedSplits {
  /** By the path of the image; one that no list names is missing. */
  splits: ReadonlyMap<string, ListedSplit>
  /** Images that no list names. */
  unlisted: string[]
  /** Entries that are no image's, by the path of their list. */
  unmatched: ReadonlyMap<string, string[]>
  /** Images that lists give to several splits: a sentence for each pair of lists. */
  problems: FileProblem[]
}

const SPLITS = new Map<string, ListedSplit>([
  ...['train', 'training', 'trn', 'trainval', 'trainvalidation', 'trainaug'].map((word) => [word, 'train'] as const),
  ...['val', 'valid', 'validation', 'validate', 'dev', 'eval'].map((word) => [word, 'val'] as const),
  ...['test', 'testing', 'tst'].map((word) => [word, 'test'] as const),
])
/** Words beside the split's in the name of a list. */
const LIST_WORDS =
  /^(list|lists|images?|imgs?|files?|names?|ids?|idx|index|split|set|data|fine|seg|segmentation|aug|pairs?)$/
const TABLE_NAME = /^(splits?|datasplits?|traintestsplit|trainvalsplit|metadata|splitsfinal|partition|subsets?)$/
const JOINT = /^(trainval|trainvalidation)$/
const NAME_HEADERS = [
  'imagepath',
  'filepath',
  'path',
  'filename',
  'image',
  'imagename',
  'file',
  'img',
  'imagefile',
].concat(['name', 'images', 'imageid', 'imgid', 'id', 'stem', 'sample'])
const SPLIT_HEADERS = ['split', 'set', 'subset', 'partition', 'usage', 'phase', 'datasplit', 'splits', 'type', 'group']
const IMAGE_ENDING = /\.(jpe?g|jfif|jpe|pjpe?g|png|webp|bmp|tiff?|gif)$/i
const IMAGE_FIRST = /^(.+?\.(?:jpe?g|jfif|jpe|pjpe?g|png|webp|bmp|tiff?|gif))(?:[\s,;]+.*)?$/i

/** Whether a file's path says that it lists the images of splits. */
export function isSplitList(path: string): boolean {
  const parsed = /(?:^|\/)([^/]+)\.(txt|csv|tsv|lst|json)$/i.exec(path)
  if (!parsed) return false
  if (inImageSets(path) && parsed[1].toLowerCase() === 'default') return true
  if (TABLE_NAME.test(plain(parsed[1])) && !/\.(txt|lst)$/i.test(path)) return true
  return splitOfFileName(path) !== null
}

/** The split that a list's own name says: "train", "val_list", "trainList", "images_test"; or null. */
function splitOfFileName(path: string): { split: ListedSplit; isJoint: boolean } | null {
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '')
  const words = stem
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_\-.]+/)
  const telling = words.filter((word) => !LIST_WORDS.test(word))
  const joint = telling.join('')
  const split = telling.length === 1 || JOINT.test(joint) ? SPLITS.get(joint) : undefined
  return split ? { split, isJoint: JOINT.test(joint) } : null
}

function inImageSets(path: string): boolean {
  return /(^|\/)imagesets\//i.test(path)
}

/**
 * Reads a list: one image a line, with its mask or a number behind it or not; a table with columns of names and splits;
 * or JSON (nnU-Net's folds, of which the first counts). Without entries when it is none of these.
 */
export function parseSplitList(path: string, text: string): SplitList {
  const split = splitOfFileName(path)?.split ?? null
  const entries = /\.json$/i.test(path) ? jsonEntries(text, split) : textEntries(path, text, split)
  const said = new Set(entries.map((entry) => entry.split))
  return { path, split: said.size === 1 ? [...said][0] : null, entries }
}

function textEntries(path: string, text: string, split: ListedSplit | null): SplitEntry[] {
  if (/\.(csv|tsv)$/i.test(path)) {
    const separator = /\.tsv$/i.test(path)
      ? '\t'
      : [';', '\t', ','].find((each) => contentLines(text)[0]?.includes(each))
    if (separator) return tableEntries(quotedRows(text, separator), split)
  }
  const lines = contentLines(text)
  const headless = /\.csv$/i.test(path) && NAME_HEADERS.includes(plain(lines[0] ?? '')) ? lines.slice(1) : lines
  return headless.map((line) => ({ name: nameOfLine(line), split }))
}

/** "x.png x_mask.png", "x.png,0", "2007_000 -1" or "street 1": what names the image. */
function nameOfLine(line: string): string {
  const image = IMAGE_FIRST.exec(line)?.[1] ?? line.replace(/\s+-?[01]$/, '')
  const words = image.split(/[\s,;]+/)
  // Two paths without extensions are an image and its mask; a name may have blanks.
  const isPair = words.length > 1 && words.every((word) => word.includes('/'))
  return unquoted(isPair ? words[0] : image)
}

function tableEntries(rows: readonly string[][], split: ListedSplit | null): SplitEntry[] {
  if (rows.length === 0) return []
  const headers = rows[0].map(plain)
  const find = (names: readonly string[]) => names.map((name) => headers.indexOf(name)).find((column) => column >= 0)
  const isImage = (column: number) => rows.slice(1).every((row) => IMAGE_ENDING.test(row[column] ?? ''))
  const headed = find(NAME_HEADERS) ?? headers.findIndex((header, i) => /image|img|file/.test(header) && isImage(i))
  if (headed >= 0) {
    const paths = headers.findIndex((header, column) => isImage(column) && !/mask|label|annot|gt/.test(header))
    const splitColumn = find(SPLIT_HEADERS)
    return rows
      .slice(1)
      .flatMap((row) => entryOf(row[paths >= 0 && rows.length > 1 ? paths : headed], row[splitColumn ?? -1], split))
  }
  const says = (column: number) => rows.every((row) => SPLITS.has(plain(row[column] ?? '')))
  const splitColumn = rows[0].findIndex((_, column) => says(column))
  return rows.flatMap((row) => entryOf(row[splitColumn === 0 ? 1 : 0], row[splitColumn], split))
}

function entryOf(name: string | undefined, said: string | undefined, split: ListedSplit | null): SplitEntry[] {
  return name ? [{ name: name.trim(), split: SPLITS.get(plain(said ?? '')) ?? split }] : []
}

/** `[{train: [...], val: [...]}, …]`, `{train: [...], val: [...]}` or a list of names. */
function jsonEntries(text: string, split: ListedSplit | null): SplitEntry[] {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return [] // No list; its images are in none, which the import says.
  }
  const first: unknown = Array.isArray(document) && !split ? document[0] : document
  if (Array.isArray(first)) return first.flatMap((item) => entryOf(nameOfItem(item), undefined, split))
  if (typeof first !== 'object' || first === null) return []
  return Object.entries(first).flatMap(([key, items]) => {
    const said = SPLITS.has(plain(key))
    if (said && Array.isArray(items)) return items.flatMap((item) => entryOf(nameOfItem(item), key, split))
    return typeof items === 'string' ? entryOf(key, items, null).filter((entry) => entry.split) : []
  })
}

function nameOfItem(item: unknown): string | undefined {
  if (typeof item === 'string') return item
  const fields = typeof item === 'object' && item !== null ? Object.entries(item) : []
  const found = NAME_HEADERS.map((name) => fields.find(([key]) => plain(key) === name)?.[1])
  return found.find((each) => typeof each === 'string')
}

/** Lists that count beside each other: of VOC's, those for segmentation; train and val together only without either. */
export function countedLists(lists: readonly SplitList[]): SplitList[] {
  const filled = lists.filter(({ entries }) => entries.some(({ split }) => split))
  const isSegmentation = ({ path }: SplitList) => /(^|\/)imagesets\/segmentation\//i.test(path)
  const chosen = filled.some(isSegmentation)
    ? filled.filter((list) => isSegmentation(list) || !inImageSets(list.path))
    : filled
  const isJoint = ({ path }: SplitList) => splitOfFileName(path)?.isJoint ?? false
  const hasOwn = chosen.some((list) => !isJoint(list) && list.entries.some(({ split }) => split !== 'test'))
  return hasOwn ? chosen.filter((list) => !isJoint(list)) : chosen
}
