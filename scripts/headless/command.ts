/** What both headless commands share: folder, browser, engine, one run, and an exit status that says how it went. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { CpralConfig } from '../../src/domain/config'
import type { EngineName } from '../../src/domain/engine'
import type { ProjectRecord } from '../../src/domain/project'
import { ROOT } from '../browser/ensure-build'
import { ensureBrowser } from '../browser/find-browser'
import { hasHardwareWebgpu, openBrowser } from '../browser/open-browser'
import { driveRun, StudioError } from './drive-run'
import { UsageError } from './options'
import { type OutFolder, openOutFolder } from './out-folder'

interface CommandRequest {
  out: string
  engine: EngineName | null
  /** What the folder's run is made from; a later call must give the same. */
  options: Record<string, unknown>
  /** Makes the project in the open app, or finds the one that is there, and says what to run on it. */
  prepare(page: Page, folder: OutFolder): Promise<{ project: ProjectRecord; config: CpralConfig }>
}

function versions(browser: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string
    dependencies: Record<string, string>
  }
  return {
    studio: manifest.version,
    tfjs: manifest.dependencies['@tensorflow/tfjs'] ?? '',
    browser,
    node: process.versions.node,
  }
}

async function execute(request: CommandRequest): Promise<void> {
  const folder = openOutFolder(request.out, request.options)
  try {
    const { executable, version } = ensureBrowser()
    const isHardware = request.engine !== 'wasm' && (await hasHardwareWebgpu(executable))
    // A software adapter is right but slow: it is used when asked for by name only.
    const engine = request.engine ?? (isHardware ? 'webgpu' : 'wasm')
    const browser = await openBrowser({
      executable,
      profile: folder.profile,
      engine,
      webgpu: isHardware ? 'hardware' : 'software',
    })
    const stop = () => {
      console.log('\nStopping. The same command continues from the last finished step.')
      process.exitCode = 130
      browser.close().catch((error: unknown) => console.error(error))
    }
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    try {
      const report = await bootEngine(browser.page, engine)
      console.log(`Engine: ${report.engine} on ${report.device}. ${report.reason}`)
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

async function bootEngine(page: Page, engine: EngineName) {
  const outcome = await page.evaluate(async (engine) => {
    try {
      return { report: await studio.compute.boot({ engine }) }
    } catch (error) {
      const { message, remedy } = error as { message: string; remedy?: string }
      return { failure: [message, remedy].filter(Boolean).join(' ') }
    }
  }, engine)
  if ('failure' in outcome) throw new StudioError(outcome.failure)
  return outcome.report
}

/** Runs a command to its end; failures of input and app are shown as sentences, ours with their stack. */
export async function runCommand(makeRequest: () => CommandRequest): Promise<void> {
  try {
    await execute(makeRequest())
  } catch (error) {
    if (process.exitCode === 130) return
    process.exitCode = 1
    console.error(error instanceof UsageError || error instanceof StudioError ? error.message : error)
  }
}
