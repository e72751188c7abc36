/** One line of a study from wherever it is to its end, in a browser of its own. */
import { rmSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import type { CpralConfig } from '../../src/domain/config'
import type { Progress } from '../../src/domain/progress'
import type { ProjectRecord } from '../../src/domain/project'
import type { StudyLine } from '../../src/study/study-line'
import type { OpenBrowser } from '../browser/open-browser'
import { isForPeople } from '../headless/command'
import { driveRun } from '../headless/drive-run'
import { type FolderLock, takeLock } from '../headless/folder-lock'
import { importFolder } from '../headless/import-folder'
import { type ChosenEngine, openApp, versions } from '../headless/open-app'
import { UsageError } from '../headless/options'
import { type OutFolder, workIn } from '../headless/out-folder'
import { StudioError } from '../headless/studio-error'
import { isAddress, takeWeights } from '../headless/take-weights'
import { FullDiskError, makeFolder } from '../headless/write-whole'
import { claim, isTrained, trainFirstRound } from './first-rounds'
import type { Stopping } from './stopping'
import { dropDamagedState, isDone, type StudyFolder, tidy } from './study-folder'

/** A browser that ends by itself is opened again so many times, each time from the last stage that was stored. */
const ATTEMPTS = 3

export interface LineRequest extends ChosenEngine {
  study: StudyFolder
  line: StudyLine
  /** Where the study's paths begin: the folder of its file. */
  base: string
  executable: string
  /** The browser's, for the record. */
  version: string
  threads: number
  /** Other lines have the same first round. */
  isShared: boolean
  isBuilt: boolean
  stopping: Stopping
  onProgress(progress: Progress): void
}

/** The browser ended, and nobody had asked it to. */
class LostBrowserError extends Error {}

/** A path of the study's file. */
export function pathIn(base: string, path: string): string {
  return isAddress(path) || isAbsolute(path) ? path : resolve(base, path)
}

/**
 * Throws HeldError when another process works on the line, StoppedError when asked to stop, and UsageError, StudioError
 * or FullDiskError when it fails.
 */
export async function runLine(request: LineRequest): Promise<void> {
  const { study, line } = request
  const path = study.line(line.hash)
  makeFolder(path)
  const lock = takeLock(join(path, 'lock.json'))
  try {
    if (!isDone(path, line.config.selection.rounds)) await work(request, lock, path)
  } finally {
    lock.release()
  }
  tidy(path)
}

async function work(request: LineRequest, lock: FolderLock, path: string): Promise<void> {
  if (dropDamagedState(path)) console.log(`${join(path, 'state.json')} is damaged: the line begins anew.`)
  const folder = workIn(path, lock, { command: 'study', line: request.line.hash })
  folder.save({})
  rmSync(join(path, 'failure.json'), { force: true })
  const { study, line, isShared, stopping } = request
  const firstRound = isShared ? study.firstRound(line.firstRound) : null
  const claimed = firstRound && !folder.state.runId ? await claim(firstRound, stopping) : null
  try {
    await inBrowsers(request, { folder, lock, firstRound, claimed })
  } catch (error) {
    const isFull = error instanceof StudioError && error.code === 'quota_exceeded'
    throw isFull ? new FullDiskError(path, { cause: error }) : error
  } finally {
    claimed?.release()
  }
}

/** Where a line's work goes. */
interface Places {
  folder: OutFolder
  /** The line's. */
  lock: FolderLock
  /** Folder of the first round that it shares with other lines; null when it shares none. */
  firstRound: string | null
  /** The lock of that folder, when this line has to train it. */
  claimed: FolderLock | null
}

async function inBrowsers(request: LineRequest, places: Places): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inBrowser(request, places)
    } catch (error) {
      if (!(error instanceof LostBrowserError)) throw error
      // Whoever took the line over ended the browser; theirs must not be ended in turn.
      places.lock.check()
      const sentence = `The browser ended unexpectedly (${error.message}).`
      if (attempt === ATTEMPTS) {
        throw new StudioError(`${sentence} It did so ${ATTEMPTS} times: the memory may be too small; use fewer --jobs.`)
      }
      console.log(`${sentence} The line continues in a new one.`)
    }
  }
}

async function inBrowser(request: LineRequest, { folder, firstRound, claimed }: Places): Promise<void> {
  const { stopping } = request
  stopping.check()
  const browser = await open(request, folder)
  const lost = watch(browser)
  stopping.onStop(() => browser.close())
  try {
    stopping.check()
    const { page } = browser
    const project = await openProject(request, folder, page)
    const config = await configWithWeights(request, page)
    const { line, onProgress } = request
    if (claimed && firstRound && !isTrained(firstRound)) {
      await trainFirstRound({ page, folder, projectId: project.id, config, path: firstRound, onProgress })
      claimed.release()
    }
    const common = { page, folder, project, config, versions: versions(request.version) }
    await driveRun({ ...common, name: line.label, firstRound, onProgress })
    const pictures = await page.evaluate((runId) => studio.runPictures({ runId }), folder.state.runId ?? '')
    folder.write('pictures.json', `${JSON.stringify(pictures)}\n`)
  } catch (error) {
    stopping.check()
    throw lost() ? lostBy(error) : error
  } finally {
    await browser.close()
  }
}

async function open(request: LineRequest, { profile }: OutFolder): Promise<OpenBrowser> {
  const { executable, engine, webgpu, threads, isBuilt, stopping } = request
  try {
    return await openApp({ executable, profile, engine, webgpu, threads, isBuilt })
  } catch (error) {
    stopping.check()
    throw isForPeople(error) ? error : lostBy(error)
  }
}

function lostBy(error: unknown): LostBrowserError {
  return new LostBrowserError((error as Error).message.split('\n')[0], { cause: error })
}

/** Returns whether the browser or its page has gone. */
function watch({ context, page }: OpenBrowser): () => boolean {
  let isLost = false
  const lose = () => {
    isLost = true
  }
  context.once('close', lose)
  page.once('crash', lose)
  return () => isLost
}

async function openProject({ line, base }: LineRequest, folder: OutFolder, page: Page): Promise<ProjectRecord> {
  const { data } = line
  const listed = () => page.evaluate(() => studio.data.listProjects())
  const known = (await listed()).find(({ id }) => id === folder.state.projectId)
  if (known) return known
  if ('demo' in data) {
    const project = await page.evaluate(
      (request) => studio.data.createDemo(request, () => {}, new AbortController().signal),
      data.demo,
    )
    folder.save({ projectId: project.id, runId: null })
    return project
  }
  const path = pathIn(base, data.folder)
  const projectId = await importFolder(page, { data: path, format: data.format })
  const project = (await listed()).find(({ id }) => id === projectId)
  if (!project) throw new StudioError(`The import of ${path} left no project.`)
  const { train, val } = project.counts
  if (train !== data.images.train || val !== data.images.val) {
    throw new UsageError(
      `${path} has ${train} train and ${val} val images with masks; the study says ${data.images.train} and ${data.images.val}. Correct the folder, or "images" in the study's file.`,
    )
  }
  folder.save({ projectId, runId: null })
  return project
}

async function configWithWeights({ line, base }: LineRequest, page: Page): Promise<CpralConfig> {
  if (line.weights === null) return line.config
  const { key } = await takeWeights(page, pathIn(base, line.weights))
  return { ...line.config, weights: key }
}
