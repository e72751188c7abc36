/** What the journeys share: a browser with an empty profile, small projects, and runs that end within seconds. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { findBrowser } from '../../scripts/browser/find-browser.ts'
import { APP_ORIGIN, type OpenBrowser, openBrowser } from '../../scripts/browser/open-browser.ts'
import type { ConfigOverrides } from '../../src/cpral/presets.ts'
import type { EngineName } from '../../src/domain/engine.ts'
import type { ProjectRecord } from '../../src/domain/project.ts'
import type { RoundRecord } from '../../src/domain/round.ts'
import '../../src/app/automation.ts'

export interface Session extends OpenBrowser {
  /** Addresses outside the app that its pages asked for: always to be empty. */
  strangers: string[]
}

interface SessionRequest {
  engine?: EngineName
  webgpu?: 'software' | 'off'
  place?: string
  weightsOrigins?: readonly string[]
  /** More of the browser's arguments. */
  flags?: readonly string[]
  /** Scripts that run in every page before its own. */
  scripts?: readonly string[]
}

/**
 * With SLOW set to milliseconds, what the workers answer comes up to that much later, each answer by another time: journeys that wait
 * for the wrong thing, and a page that counts on an order of answers, then fail every time and not once in a hundred.
 */
const slowAnswers = (milliseconds: number) => `{
  const { addEventListener } = Worker.prototype
  Worker.prototype.addEventListener = function (type, listener, options) {
    const late = (event) => setTimeout(() => listener.call(this, event), ${milliseconds} * Math.random())
    return addEventListener.call(this, type, type === 'message' ? late : listener, options)
  }
}`

/** Opens the built app with an empty profile, which `close` deletes. */
export async function openSession({
  engine = 'wasm',
  webgpu = 'off',
  scripts = [],
  ...rest
}: SessionRequest = {}): Promise<Session> {
  const executable = findBrowser()
  if (!executable) throw new Error('No browser found: `npm test` installs one.')
  const profile = mkdtempSync(join(tmpdir(), 'cpral-browser-e2e-'))
  const slow = process.env.SLOW ? [slowAnswers(Number(process.env.SLOW))] : []
  const browser = await openBrowser({ executable, profile, engine, webgpu, scripts: [...slow, ...scripts], ...rest })
  const strangers: string[] = []
  browser.context.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${APP_ORIGIN}/`) && !/^(blob|data):/.test(url)) strangers.push(url)
  })
  const close = async () => {
    await browser.close()
    rmSync(profile, { recursive: true, force: true })
  }
  return { ...browser, strangers, close }
}

/** The renderer process dies at once, with its workers and whatever they were writing, as when it runs out of memory. */
export async function crash({ context }: Session, page: Page): Promise<void> {
  const gone = page.waitForEvent('crash')
  const debug = await context.newCDPSession(page)
  // The process that should answer is the one that dies.
  debug.send('Page.crash').catch(() => {})
  await gone
  await page.close()
}

/** A run of three rounds on twelve small scenes. */
export const TINY: ConfigOverrides = {
  seed: 5,
  size: { height: 64, width: 128 },
  training: { epochs: 2 },
  monteCarlo: { passes: 4 },
  selection: { rounds: 3, initialImages: 4, panopticSize: 3, budgetImages: 1.5, regionSide: 16 },
}

export interface TinyRun {
  projectId: string
  runId: string
}

/** The same with a person's answers: it asks for its first images before anything is trained. */
export const BY_PERSON: ConfigOverrides = { ...TINY, annotator: 'person' }

/** Makes a run of the preset "tiny" on a project, and does not start it; resolves to its id. */
export async function createRun(page: Page, project: ProjectRecord, overrides: ConfigOverrides): Promise<string> {
  return await page.evaluate(
    async ({ project, overrides }) => {
      const [{ size }] = await studio.data.listImages({ projectId: project.id })
      const config = studio.defaultConfig(studio.factsOf(project, size), 'tiny', overrides)
      return (await studio.compute.createRun({ projectId: project.id, config })).id
    },
    { project, overrides },
  )
}

/** Makes the demo project and a run on it; does not start it. */
export async function createTinyRun(page: Page, overrides: ConfigOverrides = TINY): Promise<TinyRun> {
  const project = await page.evaluate(() => {
    const request = { images: 12, validationImages: 4, seed: 3 }
    return studio.data.createDemo(request, () => {}, new AbortController().signal)
  })
  return { projectId: project.id, runId: await createRun(page, project, overrides) }
}

/** Runs, or goes on with, a run to its end, or until it waits for a person. */
export async function finishRun(page: Page, runId: string): Promise<void> {
  await page.evaluate(async (runId) => {
    await studio.compute.run({ runId }, () => {}, new AbortController().signal)
  }, runId)
}

export async function roundsOf(page: Page, runId: string): Promise<RoundRecord[]> {
  return await page.evaluate((runId) => studio.data.rounds({ runId }), runId)
}

/** What must be the same whenever a run is repeated: everything but wall time and its own id. */
export function outcomeOf(rounds: readonly RoundRecord[]): Omit<RoundRecord, 'seconds' | 'runId'>[] {
  return rounds.map(({ seconds: _seconds, runId: _runId, ...outcome }) => outcome)
}

/** Every labelled raster of a run as text, by image. */
export async function labelsOf(page: Page, runId: string): Promise<Record<string, string>> {
  return await page.evaluate(async (runId) => {
    const labels: Record<string, string> = {}
    for (const { imageId } of await studio.data.labelShares({ runId })) {
      const record = await studio.data.labels({ runId, imageId })
      if (record) labels[imageId] = `${record.classes.join(' ')}|${record.provenance.join(' ')}`
    }
    return labels
  }, runId)
}
