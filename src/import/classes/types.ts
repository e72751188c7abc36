/** What masks may be read as, and what is known of them before. */
import type { ClassDefinition } from '../../domain/classes'
import type { Color } from '../../domain/color'
import type { Answers, FileProblem, ImportQuestion } from '../../domain/dataset'
import type { ClassFile } from '../class-files/class-file'
import type { MaskCensus } from './census'
import type { MaskCoding } from './known'

export interface MaskEvidence {
  census: MaskCensus
  /** The class file that counts for this mask, or null. */
  classFile: ClassFile | null
}

/** The scheme of a known dataset, to be believed only where all masks fit and no class file says otherwise. */
export interface Scheme {
  name: string
  classes: ClassDefinition[]
  codingOf(path: string): MaskCoding
  /** The names are those of the dataset's own images. */
  isCertain: boolean
  /** A person says that it is this dataset. */
  isChosen: boolean
}

/** How the pixels of one mask become class ids. */
export interface MaskReading {
  /** Which numbers of the file count. */
  view: 'values' | 'colors' | 'alpha'
  /** Code -> class id, 255 where void; a code that is missing is void too. */
  codes: ReadonlyMap<number, number>
  /** Class id of transparent pixels, whatever their code; null where transparency means nothing of its own. */
  transparent: number | null
  /** Pixels of each class id, 255 for void. */
  pixels: ReadonlyMap<number, number>
}

export interface Meaning {
  classes: ClassDefinition[]
  /** A sentence: which file, or what in the masks, says the classes. */
  source: string
  /** By mask path. A mask that is missing here is not used: `problems` says why. */
  readings: ReadonlyMap<string, MaskReading>
  /** Sentences for the preview: what was cut, mapped or taken for void. */
  notes: string[]
  problems: FileProblem[]
  questions: ImportQuestion[]
}

/** A class file, and the masks that it names the classes of. */
export interface Listing {
  file: ClassFile
  sheets: Sheet[]
  palette: readonly Color[] | null
  answers: Answers
}

/** A mask by the codes that count for the whole set: its own values or colours, or what they stand for. */
export interface Sheet {
  census: MaskCensus
  view: MaskReading['view']
  /** Codes of the file -> codes of the set. */
  codes: ReadonlyMap<number, number>
  /** Pixels of each code of the set. */
  counts: ReadonlyMap<number, number>
  pixels: number
}

/** What the codes of a set mean. */
export interface Rule {
  classes: ClassDefinition[]
  source: string
  /** Code -> class id, 255 where void. */
  ids: ReadonlyMap<number, number>
  /** Masks with greys between two are cut at their middle. */
  cut: { low: number; high: number } | null
  /** Edges between areas are smoothed: what lies there is void. */
  isSmoothed?: boolean
  notes: string[]
  questions: ImportQuestion[]
}

/** Code of transparent pixels where transparency has a meaning of its own. */
export const TRANSPARENT = -1
/** Added to a colour that stands in a mask of values. */
export const ODD_COLOR = 2 ** 24
