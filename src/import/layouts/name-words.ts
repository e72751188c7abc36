/** The words by which names of files and folders say what kind of pictures they are. */
import type { FolderSplit } from './paths'

/** `color`: a mask in colours beside one of ids. `objects`: masks of single objects. `view`: made for people, or of depth. */
export type WordKind = 'mask' | 'color' | 'image' | 'objects' | 'view'

const WORDS: Record<WordKind, string> = {
  mask: `mask masks label labels labelmap labelmaps seg segm segs segment segments segmap segmaps segmentation
    segmentations segmented semantic semantics sem gt gts groundtruth truth annotation annotations annot annots anno
    annos ann anns labelids labeltrainids trainids trainid gtfine gtcoarse matte mattes target targets
    segmentationclass segmentationclassaug segmentationclassraw lbl lbls msk msks object objects manual manual1 manual2
    l p y`,
  color: 'color colors colour colours colormap colormaps colormask colormasks',
  image: `image images img imgs im ims photo photos pic pics picture pictures rgb sat raw orig original originals input
    inputs leftimg8bit jpegimages frame frames x`,
  objects: 'instance instances instanceids instanceid panoptic segmentationobject inst',
  view: `viz vis visual visuals visualization visualizations visualisation visualisations overlay overlays blend blended
    segmentationclassvisualization depth depths disparity disparities superpixels`,
}

const KINDS: ReadonlyMap<string, WordKind> = new Map(
  Object.entries(WORDS).flatMap(([kind, words]) => words.split(/\s+/).map((word) => [word, kind as WordKind])),
)

/** Words of one letter say something only where a separator parts them from the rest of a file's name. */
const isLetter = (word: string) => word.length === 1

export function kindOfWord(word: string): WordKind | null {
  return KINDS.get(word) ?? null
}

const SPLITS: ReadonlyMap<string, FolderSplit> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['tr', 'train'],
  ['val', 'val'],
  ['valid', 'val'],
  ['validation', 'val'],
  ['test', 'test'],
  ['testing', 'test'],
  ['ts', 'test'],
])

/** "train2017" of COCO. */
const SPLIT_OF_YEAR = /^(train|val|test)((?:19|20)\d\d)$/

/** "trainannot", "SegmentationClassAug", "imagesTr", "val_labels": words and splits without a separator. */
const JOINED_SPLIT = /^(train|valid|val|test)(annot|annots|annotations?|labels?|masks?|images?|imgs?|gt|x|y)$/

/** The words of a folder's name, in small letters: parted by separators, and where small letters end. */
export function folderWords(folder: string): string[] {
  const whole = folder.toLowerCase()
  if (KINDS.has(whole) || SPLITS.has(whole)) return [whole]
  return folder
    .split(/[\s_.\-()]+/)
    .flatMap((part) => (KINDS.has(part.toLowerCase()) ? [part] : part.split(/(?<=[a-z])(?=[A-Z])/)))
    .map((part) => part.toLowerCase())
    .flatMap((part) => (JOINED_SPLIT.exec(part) ?? SPLIT_OF_YEAR.exec(part))?.slice(1) ?? [part])
    .filter((part) => part !== '')
}

/** What a folder's name says of its files; null when it says nothing. A mask of images is a mask. */
export function folderKind(folder: string): WordKind | null {
  const kinds = folderWords(folder).flatMap((word) => (isLetter(word) ? [] : (kindOfWord(word) ?? [])))
  if (kinds.includes('mask') && kinds.includes('image') && /rgb/i.test(folder)) return 'color'
  return (['objects', 'view', 'color', 'mask', 'image'] as const).find((kind) => kinds.includes(kind)) ?? null
}

/** The split that a folder's name says, alone or beside a word: `train`, `val_labels`, `imagesTr`. */
export function splitOfFolder(folder: string): FolderSplit | null {
  const words = folderWords(folder)
  const [split] = words.flatMap((word) => SPLITS.get(word) ?? [])
  if (!split) return null
  // "tr" and "ts" say it only beside a word of a kind, and "test shots" is anybody's folder.
  const rest = words.filter((word) => !SPLITS.has(word))
  const isShort = words.some((word) => (word === 'tr' || word === 'ts') && SPLITS.has(word))
  if (rest.length === 0) return isShort ? null : split
  return rest.every((word) => kindOfWord(word) !== null || /^\d+$/.test(word)) ? split : null
}

/** Folders by which known datasets are told. */
const LAYOUT_FOLDERS = new Set(['leftimg8bit', 'gtfine', 'gtcoarse', 'seg', 'img_dir', 'ann_dir'])

/** Whether a folder's name says what kind of files it holds, or belongs to the layout of a dataset. */
export function isTelling(folder: string): boolean {
  return folderKind(folder) !== null || splitOfFolder(folder) !== null || LAYOUT_FOLDERS.has(folder.toLowerCase())
}

/** The folder's name with `*` in the place of its split: equal for the folders of all splits. */
export function withoutSplit(folder: string): string {
  if (splitOfFolder(folder) === null) return folder
  return folder
    .replace(/(^|[\s_.-])(train(?:ing)?|val(?:id(?:ation)?)?|test(?:ing)?)(?=$|[\s_.-])/gi, '$1*')
    .replace(/^(train|valid|val|test)(?=[a-z]|\d{4}$)/i, '*')
    .replace(/(?<=[a-z])(Tr|Ts)$/, '*')
}

/** A file's name without what tools put before or behind it. */
export interface NameParts {
  /** Small letters; '' when the whole name is such a word, as in `shot1/label.png`. */
  core: string
  /** The name with `*` for the core: "*_mask". */
  pattern: string
  kinds: WordKind[]
  /** Words that tell kinds of masks apart, such as "labeltrainids". */
  words: string[]
}

const SEVERAL_WORDS: [RegExp, string][] = [
  [/(^|[\s_.-])ground[\s_-]truth(?=$|[\s_.-])/, '$1groundtruth'],
  [/(^|[\s_.-])train[\s_-]ids?(?=$|[\s_.-])/, '$1trainids'],
  [/(^|[\s_.-])label[\s_-]ids?(?=$|[\s_.-])/, '$1labelids'],
]

/** Behind the image's name nnU-Net counts its channels: the first is the image itself. */
const CHANNEL = '0000'

/** Takes words of kinds off both ends of a name, the last first. */
export function namePartsOf(stem: string): NameParts {
  let core = stem.toLowerCase()
  for (const [phrase, word] of SEVERAL_WORDS) core = core.replace(phrase, word)
  const kinds: WordKind[] = []
  const words: string[] = []
  let [before, behind] = ['', '']
  const take = (word: string) => {
    const kind = kindOfWord(word)
    if (kind) kinds.push(kind)
    words.push(word)
  }
  for (;;) {
    const last = /(^|[\s_.-]+|(?<=\d))([a-z]+[a-z\d]*|0000)$/.exec(core)
    if (last && isWordOfName(last[2], last[1], core)) {
      behind = core.slice(last.index) + behind
      core = core.slice(0, last.index)
      take(last[2])
      continue
    }
    // "mask7": the number is the image's.
    const first = /^([a-z]{2,})(?=\d+$)()/.exec(core) ?? /^([a-z]+[a-z\d]*)([\s_.-]+|$)/.exec(core)
    if (!first || !isWordOfName(first[1], first[2], core)) break
    before += first[0]
    core = core.slice(first[0].length)
    take(first[1])
  }
  return { core, pattern: core === '' ? before + behind : `${before}*${behind}`, kinds, words }
}

function isWordOfName(word: string, separator: string, name: string): boolean {
  if (word === CHANNEL) return separator !== '' && name !== word
  if (kindOfWord(word) === null) return false
  return separator !== '' ? true : !isLetter(word)
}
