/** Puts a study into its folder. */
import { existsSync } from 'node:fs'
import { compareManifests } from '../../src/study/compare-manifests'
import { type StudyLine, writeManifest } from '../../src/study/study-line'
import { UsageError } from '../headless/options'
import { makeFolder, writeWhole } from '../headless/write-whole'
import { manifestOf, type StudyFolder } from './study-folder'

/** Writes the study into its folder, and says what has changed since it was there before. */
export function writeStudy(study: StudyFolder, { text, lines }: { text: string; lines: readonly StudyLine[] }): void {
  makeFolder(study.path)
  const before = knownLines(study)
  const manifest = writeManifest(lines)
  if (writeManifest(before) === manifest && existsSync(study.file)) return
  const { sentences } = compareManifests(before, lines)
  if (before.length > 0 && sentences.length > 0) {
    console.log(`The study has changed since it was begun:\n  ${sentences.join('\n  ')}`)
  }
  writeWhole(study.file, text)
  writeWhole(study.manifest, manifest)
}

/** A manifest that is damaged is written anew. */
function knownLines(study: StudyFolder): StudyLine[] {
  try {
    return manifestOf(study)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.log(`${study.manifest} was damaged, and is written anew. No result is lost.`)
    return []
  }
}
