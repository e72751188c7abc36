/** What a study came to, as its report is made from: each line with its run, its pictures, or why it has none. */
import type { ClassDefinition } from '../domain/classes'
import type { MethodName } from '../domain/config'
import type { Size } from '../domain/size'
import type { RunResult } from './run-result'
import type { StudyLine, StudyPart } from './study-line'

/** Validation images of a run as its last round saw them: `pictures.json` of a line. */
export interface LinePictures {
  classes: ClassDefinition[]
  /** Of the pictures: no side is longer than `LONGEST_SIDE` of `report/study/run-pictures.ts`. */
  size: Size
  images: {
    name: string
    /** JPEG as a data URL. */
    image: string
    /** PNGs as data URLs whose grey values are class ids, 255 void. */
    truth: string | null
    prediction: string
  }[]
}

export interface LineOutcome {
  line: StudyLine
  /** null when nothing of it is there yet; not all of its rounds while it is being worked on. */
  run: RunResult | null
  /** The sentence with which it failed last; null when it did not. */
  failure: string | null
  pictures: LinePictures | null
}

export interface StudyOutcome {
  name: string
  /** The method that the others are compared with, seed by seed. */
  baseline: MethodName
  parts: StudyPart[]
  lines: LineOutcome[]
}
