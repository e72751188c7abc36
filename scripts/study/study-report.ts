/** What the lines of a study came to, from any number of folders, and the report of it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../src/domain/errors'
import { curvesCsv, resultsCsv, resultsJson } from '../../src/study/results'
import type { RunResult } from '../../src/study/run-result'
import { parseStudy, type StudyFile } from '../../src/study/study-file'
import type { StudyLine } from '../../src/study/study-line'
import type { LineOutcome, LinePictures, StudyOutcome } from '../../src/study/study-outcome'
import { isDone } from '../../src/study/summary'
import { openBrowser } from '../browser/open-browser'
import { UsageError } from '../headless/options'
import { makeFolder, writeWhole } from '../headless/write-whole'
import { damageOf, failureOf, intactJson, manifestOf, nameOf, type StudyFolder, studyFolder } from './study-folder'

/** What a folder knows of a line. */
function outcomeIn(folder: StudyFolder, line: StudyLine): LineOutcome {
  const path = folder.line(line.hash)
  return {
    line,
    run: intactJson<RunResult>(join(path, 'run.json')),
    failure: failureOf(path)?.sentence ?? damageOf(path)[0] ?? null,
    pictures: intactJson<LinePictures>(join(path, 'pictures.json')),
  }
}

/** The outcome that is further: the complete one, else that with more rounds. */
function further(a: LineOutcome, b: LineOutcome): LineOutcome {
  const progress = (outcome: LineOutcome) =>
    (outcome.run?.rounds.length ?? 0) + (isDone(outcome) && outcome.pictures ? 0.5 : 0)
  return progress(b) > progress(a)
    ? { ...b, failure: b.failure ?? a.failure }
    : { ...a, failure: a.failure ?? b.failure }
}

/**
 * The study of the first folder, with what all folders know of its lines. A folder without a manifest counts by its
 * lines alone. Throws UsageError naming a folder that holds no study.
 */
export function mergedOutcome(folders: readonly string[]): StudyOutcome {
  const all = folders.map(studyFolder)
  const [first] = all
  const lines = first ? manifestOf(first) : []
  if (!first || lines.length === 0) throw new UsageError(`${folders[0]} holds no study: manifest.jsonl is not there.`)
  const { name, baseline, parts } = studyOf(first)
  const known = new Set(lines.map(({ hash }) => hash))
  for (const other of all.slice(1)) {
    if (!existsSync(join(other.path, 'lines'))) throw new UsageError(`${other.path} holds no lines of a study.`)
    const strangers = manifestOf(other).filter(({ hash }) => !known.has(hash)).length
    if (strangers > 0) console.log(`${strangers} lines of ${other.path} are none of ${first.path}'s study: left out.`)
  }
  return {
    name,
    baseline,
    parts: parts.map(({ name, title, figure }) => ({ name, title, figure })),
    lines: lines.map((line) => all.map((folder) => outcomeIn(folder, line)).reduce(further)),
  }
}

function studyOf({ file }: StudyFolder): StudyFile {
  const remedy = "Give the study's file again, with --expand: it is written anew, and no result is lost."
  if (!existsSync(file)) throw new UsageError(`${file} is not there. ${remedy}`)
  try {
    return parseStudy(readFileSync(file, 'utf8'), file)
  } catch (error) {
    throw error instanceof AppError ? new UsageError(`${error.message}\n${remedy}`, { cause: error }) : error
  }
}

/** Sentences about lines that are not complete. */
export function gaps({ lines }: StudyOutcome): string[] {
  return lines.flatMap((outcome) => {
    if (isDone(outcome)) return []
    const { line, run, failure } = outcome
    if (failure) return [`${nameOf(line)} failed: ${failure}`]
    return [
      `${nameOf(line)} is missing: ${run?.rounds.length ?? 0} of ${line.config.selection.rounds} rounds are done.`,
    ]
  })
}

/** Writes report/index.html and the numbers beside it. Returns the page's path. */
export async function writeReport(outcome: StudyOutcome, folder: StudyFolder, executable: string): Promise<string> {
  makeFolder(folder.report)
  const write = (name: string, text: string) => writeWhole(join(folder.report, name), text)
  write('results.csv', resultsCsv(outcome))
  write('curves.csv', curvesCsv(outcome))
  write('results.json', resultsJson(outcome))
  write('index.html', await pageOf(outcome, executable))
  return join(folder.report, 'index.html')
}

/** The app draws the page. */
async function pageOf(outcome: StudyOutcome, executable: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), 'cpral-study-report-'))
  try {
    const browser = await openBrowser({ executable, profile, engine: null, webgpu: 'off' })
    try {
      return await browser.page.evaluate((outcome) => studio.studyReport(outcome), outcome)
    } finally {
      await browser.close()
    }
  } finally {
    rmSync(profile, { recursive: true, force: true })
  }
}
