/** A study from its file, made ready to run: what is wrong is said before anything runs. */
import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { StudyLine } from '../../src/study/study-line'
import { UsageError } from '../headless/options'
import { isAddress } from '../headless/take-weights'
import { readStudy } from './expand-study'
import { pathIn } from './run-line'
import { manifestOf, type StudyFolder } from './study-folder'

export interface LoadedStudy {
  text: string
  lines: StudyLine[]
  /** Where its paths begin. */
  base: string
}

/** Throws UsageError with all that is wrong with it. */
export async function loadStudy(file: string): Promise<LoadedStudy> {
  const { text, lines } = await readStudy(file)
  return { text, lines, base: dirname(resolve(file)) }
}

/** The study as its folder holds it, whatever its file has become since. */
export function reloadStudy(study: StudyFolder, file: string): LoadedStudy {
  return { text: '', lines: manifestOf(study), base: dirname(resolve(file)) }
}

/** Data and weights must be there before anything runs. @throws UsageError that names what is missing */
export function checkPlaces({ lines, base }: LoadedStudy): void {
  const missing = new Set<string>()
  for (const { data, weights } of lines) {
    const folder = 'folder' in data ? pathIn(base, data.folder) : null
    if (folder && !(existsSync(folder) && statSync(folder).isDirectory())) {
      missing.add(
        `The data folder ${folder} is not there. Correct "folder" in the study's file, or put the data there.`,
      )
    }
    const file = weights && !isAddress(weights) ? pathIn(base, weights) : null
    if (file && !existsSync(file)) {
      missing.add(`The weights ${file} are not there. Correct "weights" in the study's file, or put the file there.`)
    }
  }
  if (missing.size > 0) throw new UsageError([...missing].join('\n'))
}
