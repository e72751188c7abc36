/** What both headless commands share: folder, browser, engine, one run, and an exit status that says how it went. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { CpralConfig } from '../../src/domain/config'
import type { EngineName } from '../../src/domain/engine'
import { AppError } from '../../src/domain/errors'
import type { ProjectRecord } from '../../src/domain/project'
import { ensureBuild } from '../browser/ensure-build'
import { ensureBrowser } from '../browser/find-browser'
import { driveRun } from './drive-run'
import { chooseEngine, openApp, versions } from './open-app'
import { UsageError } from './options'
import { type OutFolder, openOutFolder } from './out-folder'
import { StudioError } from './studio-error'
import { FullDiskError } from './write-whole'

interface CommandRequest {
  out: string
  engine: EngineName | null
  /** What the folder's run is made from; a later call must give the same. */
  options: Record<string, unknown>
  /** Makes the project in the open app, or finds the one that is there, and says what to run on it. */
  prepare(page: Page, folder: OutFolder): Promise<{ project: ProjectRecord; config: CpralConfig }>
}

async function execute(request: CommandRequest): Promise<void> {
  // Before the folder is locked: installing and building keep its heart from beating.
  const { executable, version } = ensureBrowser()
  ensureBuild()
  const folder = openOutFolder(request.out, request.options)
  try {
    const chosen = await chooseEngine(executable, request.engine)
    const browser = await openApp({ executable, profile: folder.profile, threads: null, ...chosen })
    const stop = () => {
      console.log('\nStopping. The same command continues from the last finished step.')
      process.exitCode = 130
      browser.close().catch((error: unknown) => console.error(error))
    }
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    try {
      folder.save({})
      const { project, config } = await request.prepare(browser.page, folder)
      await driveRun({ page: browser.page, folder, project, config, versions: versions(version) })
      console.log(`Results: ${join(folder.path, 'report.html')}, run.json and curve.csv beside it.`)
    } finally {
      await browser.close()
    }
  } finally {
    folder.release()
  }
}

/** Whether an error is a sentence for people, and no mistake of this program. */
export function isForPeople(error: unknown): error is Error {
  return [AppError, UsageError, StudioError, FullDiskError].some((kind) => error instanceof kind)
}

/** Runs a command to its end; failures of input and app are shown as sentences, ours with their stack. */
export async function runCommand(makeRequest: () => CommandRequest): Promise<void> {
  try {
    await execute(makeRequest())
  } catch (error) {
    if (process.exitCode === 130) return
    process.exitCode = 1
    console.error(isForPeople(error) ? error.message : error)
  }
}
