/** Known datasets: the classes that the numbers in their masks stand for, and how surely a folder is one of them. */
import { CAMVID_CLASSES, CITYSCAPES_CLASSES } from '../../domain/classes'
import type { DatasetFormat } from '../../domain/dataset'
import type { ClassFile } from '../class-files/class-file'
import {
  BDD100K_CODING,
  CAMVID_CODING,
  CITYSCAPES_COLOR_CODING,
  CITYSCAPES_LABEL_ID_CODING,
  CITYSCAPES_TRAIN_ID_CODING,
} from '../classes/known'
import type { Scheme } from '../classes/meaning'
import { namesScheme } from '../classes/scheme'
import { namePartsOf } from './name-words'
import type { ParsedPath } from './paths'

interface Pair {
  image: ParsedPath
  mask: ParsedPath
}

interface KnownScheme {
  format: DatasetFormat
  name: string
  classes: Scheme['classes']
  codingOf(mask: ParsedPath): Scheme['codingOf'] extends (path: string) => infer Coding ? Coding : never
  /** Whether folders and names have this dataset's form. */
  fits(pair: Pair): boolean
  /** Whether the names are those of the dataset's own images. */
  isOwn(pair: Pair): boolean
  /** Whether the values alone may say that it is this scheme. */
  mayBeSaidByValues(pair: Pair): boolean
}

const CITIES = new Set(
  `aachen bochum bremen cologne darmstadt dusseldorf erfurt hamburg hanover jena krefeld monchengladbach strasbourg
  stuttgart tubingen ulm weimar zurich frankfurt lindau munster berlin bielefeld bonn leverkusen mainz munich augsburg
  bamberg bayreuth dortmund dresden duisburg erlangen freiburg heidelberg heilbronn karlsruhe konigswinter konstanz
  mannheim muhlheim-ruhr nuremberg oberhausen schweinfurt troisdorf wuppertal wurzburg`.split(/\s+/),
)
/** The four drives that CamVid's frames come from. */
const CAMVID_FRAME = /^(0001TP|0006R0|0016E5|Seq05VD)_/
const BDD100K_NAME = /^[0-9a-f]{8}-[0-9a-f]{8}$/

const wordsOf = (mask: ParsedPath) => namePartsOf(mask.stem).words

const SCHEMES: KnownScheme[] = [
  {
    format: 'cityscapes',
    name: 'Cityscapes',
    classes: CITYSCAPES_CLASSES,
    codingOf: (mask) => {
      const words = wordsOf(mask)
      if (words.includes('labeltrainids') || words.includes('trainids')) return CITYSCAPES_TRAIN_ID_CODING
      return words.includes('color') ? CITYSCAPES_COLOR_CODING : CITYSCAPES_LABEL_ID_CODING
    },
    fits: ({ mask }) => /_gt(Fine|Coarse)_(labelTrainIds|labelIds|color)$/i.test(mask.stem),
    isOwn: ({ image }) => CITIES.has(image.stem.split('_')[0]),
    mayBeSaidByValues: ({ mask }) => !/trainids$/i.test(mask.stem),
  },
  {
    format: 'bdd100k',
    name: 'BDD100K',
    classes: CITYSCAPES_CLASSES,
    codingOf: () => BDD100K_CODING,
    fits: ({ mask }) => /(^|\/)(sem_seg\/masks|seg\/labels)\//.test(mask.path),
    isOwn: ({ image }) => BDD100K_NAME.test(image.stem),
    mayBeSaidByValues: () => false,
  },
  {
    format: 'camvid',
    name: 'CamVid',
    classes: CAMVID_CLASSES,
    codingOf: () => CAMVID_CODING,
    fits: ({ mask }) => /(^|\/)((train|val|test)annot|labels(\/(train|val|test))?)\/[^/]+$/.test(mask.path),
    isOwn: ({ image }) => CAMVID_FRAME.test(image.stem),
    mayBeSaidByValues: () => false,
  },
]

export interface FoundScheme extends Scheme {
  format: DatasetFormat
}

/**
 * The known dataset in whose form these pairs lie, or the one that the person chose. The form is no proof of the
 * classes: others use it for their own. null where nothing speaks for a known one.
 * @param classFiles they say whether the classes are the dataset's
 */
export function schemeOf(
  pairs: readonly Pair[],
  { format, classFiles }: { format: DatasetFormat | undefined; classFiles: readonly ClassFile[] },
): FoundScheme | null {
  if (pairs.length === 0 || format === 'generic') return null
  const known = SCHEMES.find((scheme) => (!format || scheme.format === format) && pairs.every(scheme.fits))
  if (!known) return null
  const isChosen = format !== undefined
  const isCertain = isChosen || pairs.every(known.isOwn)
  const isNamed = classFiles.some(({ entries }) => namesScheme(entries, known))
  // Anybody has folders like CamVid's: they say nothing.
  if (!isCertain && known.format === 'camvid' && !isNamed) return null
  if (!isCertain && classFiles.length === 0 && !pairs.every(known.mayBeSaidByValues)) return null
  const masks = new Map(pairs.map(({ mask }) => [mask.path, mask]))
  const codingOf = (path: string) => known.codingOf(masks.get(path) ?? pairs[0].mask)
  return { format: known.format, name: known.name, classes: known.classes, codingOf, isCertain, isChosen }
}

/** The name of a format that a person may choose. */
export function nameOfFormat(format: DatasetFormat): string | undefined {
  return SCHEMES.find((scheme) => scheme.format === format)?.name
}

/** Whether this is a mask of one of Cityscapes' own images, of any kind. */
export function isOfCityscapes(mask: ParsedPath): boolean {
  return SCHEMES[0].fits({ image: mask, mask }) && SCHEMES[0].isOwn({ image: mask, mask })
}
