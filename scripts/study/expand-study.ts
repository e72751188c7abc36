/** `npm run study -- FILE --expand`: the lines of a study without running them, and what can be said about them. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkConfig } from '../../src/compute/check-config'
import { budgetWarning } from '../../src/cpral/budget'
import { AppError } from '../../src/domain/errors'
import type { ProjectRecord } from '../../src/domain/project'
import { expandStudy, factsOfData } from '../../src/study/expand'
import { plannedPixels } from '../../src/study/planned-pixels'
import { parseStudy, type StudyFile } from '../../src/study/study-file'
import { type StudyLine, writeManifest } from '../../src/study/study-line'
import { UsageError } from '../headless/options'
import { studyFolder } from './study-folder'
import { writeStudy } from './write-study'

export interface ExpandedStudy {
  text: string
  study: StudyFile
  lines: StudyLine[]
}

/**
 * Reads, checks and expands a study's file. Whether its data are there is not asked.
 * @throws UsageError with all that is wrong with it
 */
export async function readStudy(file: string): Promise<ExpandedStudy> {
  if (!existsSync(file)) throw new UsageError(`${resolve(file)} is not there: the first argument is the study's file.`)
  if (!statSync(file).isFile()) {
    throw new UsageError(`${resolve(file)} is no file: the first argument is the study's file.`)
  }
  const text = readFileSync(file, 'utf8')
  try {
    const study = parseStudy(text, file)
    const lines = await expandStudy(study)
    const problems = problemsOf(study, lines)
    if (problems.length > 0) throw new UsageError(problems.map((problem) => `${file}: ${problem}`).join('\n'))
    return { text, study, lines }
  } catch (error) {
    throw error instanceof AppError ? new UsageError(`${error.message}\n${error.remedy}`, { cause: error }) : error
  }
}

/** Lines that the app would refuse, each curve and reason once. */
function problemsOf(study: StudyFile, lines: readonly StudyLine[]): string[] {
  const project = projectOf(study)
  const problems = lines.flatMap(({ curve, config }) => {
    try {
      checkConfig(config, project, null)
      return []
    } catch (error) {
      if (error instanceof AppError) return [`${curve}: ${error.message} ${error.remedy}`]
      throw error
    }
  })
  return [...new Set(problems)]
}

/** What is known of the project before it is made. Its classes are in the data; two stand for them. */
function projectOf({ name, data }: StudyFile): ProjectRecord {
  const { format, source } = factsOfData(data)
  const counts = 'demo' in data ? { train: data.demo.images, val: data.demo.validationImages } : data.images
  const classes = ['a', 'b'].map((name) => ({ name, color: [0, 0, 0] as [number, number, number] }))
  return { id: '', name, createdAt: 0, source, format, counts, classes, hasGroundTruth: true }
}

/** Number of lines and first rounds, lines of each part, labelled share of each curve at its end, warnings. */
export function describeStudy({ study, lines }: ExpandedStudy): string {
  const firstRounds = new Set(lines.map(({ firstRound }) => firstRound)).size
  const parts = study.parts.map(({ name, title }) => {
    const count = lines.filter((line) => line.parts.includes(name)).length
    return `  ${`${count}`.padStart(5)}  ${name}: ${title}`
  })
  const { trainImages } = factsOfData(study.data)
  const curves = [...new Map(lines.map((line) => [line.curve, line])).values()].map(
    ({ curve, config, isAllLabels }) => {
      const pool = trainImages * config.size.height * config.size.width
      const labelled = plannedPixels(config, trainImages).at(-1) as number
      const seeds = lines.filter((line) => line.curve === curve).length
      const share = `${((100 * labelled) / pool).toFixed(1)} %`
      const warning = isAllLabels ? null : budgetWarning(config, trainImages)
      const row = `  ${`${seeds}`.padStart(5)}  ${share.padStart(7)}  ${`${labelled}`.padStart(11)}  ${curve}`
      return warning ? `${row}\n         ${warning}` : row
    },
  )
  return [
    `${study.name}: ${lines.length} lines, with ${firstRounds} first rounds to train.`,
    'Lines of each part; one that several parts draw is run once:',
    ...parts,
    'Lines of each curve, and its labelled share and pixels in the last round when every budget is spent:',
    ...curves,
  ].join('\n')
}

/** Prints the manifest, or writes it to `out` and says what changed since it was there before. */
export async function printExpansion(file: string, out: string | null): Promise<void> {
  const expanded = await readStudy(file)
  console.error(describeStudy(expanded))
  if (out === null) {
    process.stdout.write(writeManifest(expanded.lines))
    return
  }
  const folder = studyFolder(out)
  writeStudy(folder, expanded)
  console.error(`Written: ${folder.manifest}`)
}
