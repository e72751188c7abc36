/** A study in plain data: what its file says, expanded to one line for each run. */
import type { CpralConfig } from '../domain/config'
import type { DatasetFormat } from '../domain/dataset'
import type { Size } from '../domain/size'

/** The images of a study: the demo's scenes, or a folder that the app imports. */
export type StudyData =
  | { demo: { images: number; validationImages: number; seed: number } }
  | {
      /** Relative to the study's file. */
      folder: string
      format: DatasetFormat
      /** Images that the import must find. */
      images: { train: number; val: number }
      /** Of the first image, upright; only where the format has no input size of its own. */
      imageSize?: Size
    }

/** A figure of the study's report: which lines it draws, and how. */
export interface StudyPart {
  name: string
  title: string
  figure: 'curves' | 'regions' | 'noise' | 'ablation' | 'time' | 'classes' | 'pictures'
}

/** One run of a study. A line is known by its hash wherever it runs, and the manifest has one a line as JSON. */
export interface StudyLine {
  /** From 0, position in the manifest. */
  index: number
  /** SHA-256 of what the result depends on (data, config), 16 hex digits. */
  hash: string
  /** For people: method, what differs from the study's recipe, seed. */
  label: string
  /** What the lines of one curve share: label without the seed. */
  curve: string
  /** Names of the parts that draw it. */
  parts: string[]
  /** Trained on all labels: p100 of the curves with its recipe and seed. */
  isAllLabels: boolean
  /** Name of the recipe in the study's file. */
  recipe: string
  data: StudyData
  /** File of initial weights, relative to the study's file, or an address; null from scratch. */
  weights: string | null
  config: CpralConfig
  /** Lines with the same key share their first round. */
  firstRound: string
}

/** The manifest's text: a line of JSON for each run. */
export function writeManifest(lines: readonly StudyLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

export function readManifest(text: string): StudyLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StudyLine)
}
