/** `npm run study`: every line of a study's file, some side by side; resumable, and one line alone on a cluster. */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { ensureBuild } from '../browser/ensure-build'
import { ensureBrowser } from '../browser/find-browser'
import { isForPeople } from '../headless/command'
import { chooseEngine } from '../headless/open-app'
import { printExpansion } from '../study/expand-study'
import { lineProcess } from '../study/line-process'
import { checkPlaces, loadStudy, reloadStudy } from '../study/load-study'
import { parseStudyOptions, type StudyOptions, type StudyRequest } from '../study/options'
import { failureText, runStudy } from '../study/run-study'
import { listenForStops, StoppedError } from '../study/stopping'
import { lineAt, studyFolder } from '../study/study-folder'
import { gaps, mergedOutcome, writeReport } from '../study/study-report'
import { writeStudy } from '../study/write-study'

async function run(options: StudyOptions): Promise<number> {
  const study = studyFolder(options.out)
  const loaded = options.isChild ? reloadStudy(study, options.file) : await loadStudy(options.file)
  const threads = options.threads ?? Math.max(1, Math.floor(availableParallelism() / options.jobs))
  const { lines, base } = loaded
  if (options.line) {
    const line = lineAt(lines, options.line)
    checkPlaces({ ...loaded, lines: [line] })
    if (!options.isChild) writeStudy(study, loaded)
    return await lineProcess({ study, lines, line, base, options, threads })
  }
  checkPlaces(loaded)
  writeStudy(study, loaded)
  const stopping = listenForStops()
  const { executable } = ensureBrowser()
  ensureBuild()
  const { engine } = await chooseEngine(executable, options.engine)
  const { jobs, isRetry } = options
  const end = await runStudy({ study, lines, file: resolve(options.file), engine, jobs, threads, isRetry, stopping })
  if (end.stopped) console.error(end.stopped)
  if (end.failed.length > 0) {
    console.error(`${end.failed.length} lines failed; --retry runs them again:\n${failureText(end)}`)
  }
  if (end.stopped) return 1
  await report([study.path], executable)
  return end.failed.length > 0 ? 1 : 0
}

async function report(folders: readonly string[], executable: string): Promise<void> {
  const outcome = mergedOutcome(folders)
  for (const sentence of gaps(outcome)) console.log(sentence)
  console.log(`Report: ${await writeReport(outcome, studyFolder(folders[0] ?? ''), executable)}`)
}

async function answer(request: StudyRequest): Promise<number> {
  if (request.kind === 'run') return await run(request.options)
  if (request.kind === 'expand') await printExpansion(request.file, request.out)
  else await report(request.folders, ensureBrowser().executable)
  return 0
}

try {
  process.exitCode = await answer(parseStudyOptions(process.argv.slice(2)))
} catch (error) {
  process.exitCode = error instanceof StoppedError ? error.exitCode : 1
  console.error(isForPeople(error) || error instanceof StoppedError ? error.message : error)
}
