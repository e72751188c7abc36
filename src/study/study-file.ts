/** A study's file: what is compared on which images. docs/studies.md tells every key. */
import type { ConfigOverrides } from '../cpral/presets'
import type { MethodName, NoiseConfig, PresetName } from '../domain/config'
import { AppError } from '../domain/errors'
import { checkStudy } from './check-study'
import { Checker } from './checker'
import { JsonFault, parseLocatedJson } from './located-json'
import type { StudyData, StudyPart } from './study-line'

/** How a network is made and trained, and how much is labelled: the settings that lines share. */
export interface Recipe {
  preset: PresetName
  /** File of initial weights, relative to the study's file, or an address; null from scratch. */
  weights: string | null
  overrides: ConfigOverrides
}

/** A part with what it asks for. Each method runs with each recipe, seed and variation. */
export interface PartRequest extends StudyPart {
  methods: MethodName[]
  /** Names of recipes. */
  recipes: string[]
  seeds: number[]
  /** Label noise; null without. */
  noise: (NoiseConfig | null)[]
  /** Values of `selection.regionSide`, `.budgetImages` and `.panopticSize`; null as in the recipe. */
  regionSides: (number | null)[]
  budgets: (number | null)[]
  panopticSizes: (number | null)[]
}

export interface StudyFile {
  name: string
  data: StudyData
  seeds: number[]
  /** The method that all others are compared with. */
  baseline: MethodName
  recipes: Record<string, Recipe>
  parts: PartRequest[]
}

/**
 * Reads and checks a study's file.
 * @param file its name, for the sentences
 * @throws AppError 'bad_file' that names everything that is wrong, one sentence a line
 */
export function parseStudy(text: string, file: string): StudyFile {
  const checker = new Checker(file)
  const study = parseJson(text, file)
  checkStudy(checker, study)
  if (checker.problems.length > 0) {
    throw new AppError('bad_file', checker.problems.join('\n'), 'docs/studies.md tells every key of a study.')
  }
  return complete(study as WrittenStudy)
}

function parseJson(text: string, file: string): unknown {
  try {
    return parseLocatedJson(text)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const { line, column, problem } = error
    const sentence = `${file}: line ${line}, column ${column} ${problem}.`
    throw new AppError('bad_file', sentence, 'Correct it there; a study is a JSON file.', { cause: error })
  }
}

type Optional<T, Key extends keyof T> = Omit<T, Key> & Partial<Pick<T, Key>>
type WrittenNoise = Optional<NoiseConfig, 'unit'> | null
type WrittenPart = Optional<
  Omit<PartRequest, 'noise'>,
  'recipes' | 'seeds' | 'regionSides' | 'budgets' | 'panopticSizes'
> & { noise?: WrittenNoise[] }

/** As it stands in the file, where defaults are left out. */
interface WrittenStudy extends Omit<StudyFile, 'recipes' | 'parts'> {
  recipes: Record<string, Optional<Recipe, 'weights' | 'overrides'>>
  parts: WrittenPart[]
}

function complete({ recipes, parts, ...study }: WrittenStudy): StudyFile {
  return {
    ...study,
    recipes: Object.fromEntries(
      Object.entries(recipes).map(([name, recipe]) => [name, { weights: null, overrides: {}, ...recipe }]),
    ),
    parts: parts.map((part) => ({
      recipes: Object.keys(recipes),
      seeds: study.seeds,
      regionSides: [null],
      budgets: [null],
      panopticSizes: [null],
      ...part,
      noise: (part.noise ?? [null]).map((noise) => noise && { unit: 'pixel', ...noise }),
    })),
  }
}
