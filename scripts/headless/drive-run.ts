/** Drives one run in the open app to its end, and keeps the files of its folder up to date round by round. */
import type { Page } from 'playwright-core'
import { budgetWarning } from '../../src/cpral/budget'
import type { ConfigOverrides } from '../../src/cpral/presets'
import type { CpralConfig } from '../../src/domain/config'
import type { Progress } from '../../src/domain/progress'
import type { ProjectRecord } from '../../src/domain/project'
import type { RoundRecord } from '../../src/domain/round'
import type { RunRecord } from '../../src/domain/run'
import { warningsOfRounds } from '../../src/study/round-warnings'
import { type RunFacts, runResult } from '../../src/study/run-result'
import { giveFunction } from '../browser/give-function'
import { createRun } from './create-run'
import type { OutFolder } from './out-folder'
import { ProgressLines } from './progress-lines'
import { curveCsv, roundsTable } from './run-files'
import { type Failure, type Outcome, resultOf, StudioError } from './studio-error'

export interface DriveRequest {
  page: Page
  folder: OutFolder
  project: ProjectRecord
  config: CpralConfig
  versions: Record<string, string>
  /** Of a new run, for people. */
  name?: string
  /** Folder of the trained first round that a new run begins with. */
  firstRound?: string | null
  /** Hears of everything that the run does; the terminal shows it in any case. */
  onProgress?(progress: Progress): void
}

/** The config a dataset and preset imply, with the command line's values on top. */
export async function configFor(
  page: Page,
  project: ProjectRecord,
  preset: CpralConfig['preset'],
  overrides: ConfigOverrides,
): Promise<CpralConfig> {
  return await page.evaluate(
    async ({ project, preset, overrides }) => {
      const images = await studio.data.listImages({ projectId: project.id })
      const first = images[0]
      if (!first) throw new Error(`The project "${project.name}" has no images.`)
      return studio.defaultConfig(studio.factsOf(project, first.size), preset, overrides)
    },
    { project, preset, overrides },
  )
}

/** The run of this folder: the one it was left with, or a new one. */
async function openRun({ page, folder, project, config, name, firstRound }: DriveRequest): Promise<string> {
  const known = folder.state.runId
  if (known) {
    const runs = await page.evaluate((projectId) => studio.data.listRuns({ projectId }), project.id)
    const run = runs.find(({ id }) => id === known)
    if (run) {
      console.log(run.status === 'done' ? 'The run is complete.' : `Continuing at round ${run.round}, ${run.stage}.`)
      return known
    }
  }
  const runId = await createRun(page, { projectId: project.id, config, ...(name && { name }) }, firstRound ?? null)
  folder.save({ runId })
  return runId
}

function completeRounds(page: Page, runId: string): Promise<RoundRecord[]> {
  return page.evaluate(async (runId) => {
    const rounds = await studio.data.rounds({ runId })
    return rounds.filter((round) => round.isComplete).sort((a, b) => a.index - b.index)
  }, runId)
}

/** Writes the folder's files from what is stored, and prints the table. Returns how many rounds are complete. */
async function writeFiles(request: DriveRequest, runId: string, facts: RunFacts): Promise<number> {
  const { page, folder, project } = request
  const rounds = await completeRounds(page, runId)
  if (rounds.length === 0) return 0
  const runs = await page.evaluate((projectId) => studio.data.listRuns({ projectId }), project.id)
  const run = runs.find(({ id }) => id === runId)
  if (!run)
    throw new StudioError(`Run ${runId} is gone from the browser's storage. Delete ${folder.path} and start again.`)
  folder.write('run.json', `${JSON.stringify(runResult(run, rounds, facts), null, 1)}\n`)
  folder.write('curve.csv', curveCsv(rounds))
  folder.write('report.html', await page.evaluate((runId) => studio.report({ runId }), runId))
  console.log(`\n${[roundsTable(rounds), ...warningsOfRounds(rounds, run.config.size)].join('\n')}\n`)
  return rounds.length
}

/** Runs to the end in the page; every progress message comes here. */
async function runInPage(page: Page, runId: string, onProgress: (progress: Progress) => void): Promise<RunRecord> {
  await giveFunction(page, 'reportProgress', onProgress)
  const outcome = await page.evaluate(async (runId): Promise<Outcome<RunRecord>> => {
    const report = (globalThis as unknown as { reportProgress(progress: Progress): void }).reportProgress
    try {
      return {
        value: await studio.compute.run({ runId }, (progress) => report(progress), new AbortController().signal),
      }
    } catch (error) {
      const { message, remedy, code } = error as Failure
      return { failure: { message, remedy, code } }
    }
  }, runId)
  const run = resultOf(outcome)
  return run.failure ? resultOf({ failure: run.failure }) : run
}

/** To the end of the run, from wherever it was. Returns its complete rounds. */
export async function driveRun(request: DriveRequest): Promise<RoundRecord[]> {
  const { page, project } = request
  const warning = budgetWarning(request.config, project.counts.train)
  if (warning) console.log(warning)
  const runId = await openRun(request)
  const images = await page.evaluate(async (projectId) => {
    const found = await studio.data.listImages({ projectId })
    return found.map(({ id, name }): [string, string] => [id, name])
  }, project.id)
  const facts: RunFacts = {
    versions: request.versions,
    classes: project.classes.map(({ name }) => name),
    names: new Map(images),
  }
  // One after the other: a table must not be written over by the next one's report.
  let writing = writeFiles(request, runId, facts)
  await writing
  let failWriting: (error: unknown) => void = () => {}
  // Ends the run's work at once: on a full disk it would be done for nothing.
  const failed = new Promise<never>((_, reject) => {
    failWriting = reject
  })
  const lines = new ProgressLines()
  let round = 0
  const running = runInPage(page, runId, (progress) => {
    lines.show(progress)
    request.onProgress?.(progress)
    if (progress.round && progress.round > round) {
      if (round > 0) {
        writing = writing.then(() => writeFiles(request, runId, facts))
        writing.catch(failWriting)
      }
      round = progress.round
    }
  })
  await Promise.race([running, failed])
  lines.end()
  await writing
  await writeFiles(request, runId, facts)
  return await completeRounds(page, runId)
}
