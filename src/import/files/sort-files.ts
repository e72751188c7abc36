/** Tells what the files of a drop are: pictures, texts that may say classes or splits, and those that are not read. */
import type { FileProblem } from '../../domain/dataset'
import type { Folder } from './folder'
import { ignoredSentence, isUntold, kindOf, unreadProblem } from './kinds'

export interface SortedFiles {
  pictures: string[]
  texts: string[]
  /** Sentences about files of systems, which nobody meant to import. */
  notes: string[]
  /** A sentence for each file that is not read. */
  problems: FileProblem[]
}

export async function sortFiles(folder: Folder): Promise<SortedFiles> {
  const sorted: SortedFiles = { pictures: [], texts: [], notes: [], problems: [] }
  const ofSystem: string[] = []
  for (const path of folder.paths) {
    const kind = kindOf(path, isUntold(path) ? await folder.head(path) : null)
    if (kind === 'image') sorted.pictures.push(path)
    else if (kind === 'text') sorted.texts.push(path)
    else if (kind === 'system') ofSystem.push(path)
    else sorted.problems.push(unreadProblem(path))
  }
  const ignored = ignoredSentence(ofSystem)
  if (ignored) sorted.notes.push(ignored)
  return sorted
}
