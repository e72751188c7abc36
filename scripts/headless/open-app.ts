/** The app in a headless browser, with its engine booted. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { type EngineName, type EngineReport, engineText } from '../../src/domain/engine'
import { ROOT } from '../browser/ensure-build'
import { hasHardwareWebgpu, type OpenBrowser, openBrowser } from '../browser/open-browser'
import { type Failure, type Outcome, resultOf } from './studio-error'

/** Versions of all that a result depends on. */
export function versions(browser: string): Record<string, string> {
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

/** The engine to compute on, and what the browser needs for it. */
export interface ChosenEngine {
  engine: EngineName
  webgpu: 'hardware' | 'software'
}

/** A software adapter is right but slow: it is used when asked for by name only. */
export async function chooseEngine(executable: string, wanted: EngineName | null): Promise<ChosenEngine> {
  const isHardware = wanted !== 'wasm' && (await hasHardwareWebgpu(executable))
  return { engine: wanted ?? (isHardware ? 'webgpu' : 'wasm'), webgpu: isHardware ? 'hardware' : 'software' }
}

export interface OpenAppRequest extends ChosenEngine {
  executable: string
  profile: string
  /** Threads of the WASM engine; null takes all that the machine has. */
  threads: number | null
  /** See `openBrowser`. */
  isBuilt?: boolean
}

export async function openApp({ threads, ...request }: OpenAppRequest): Promise<OpenBrowser> {
  const browser = await openBrowser({ ...request, ...(threads && { threads }) })
  try {
    const report = await bootEngine(browser.page, { engine: request.engine, ...(threads && { threads }) })
    console.log(`Engine: ${engineText(report)}. ${report.reason}`)
    return browser
  } catch (error) {
    await browser.close()
    throw error
  }
}

/** The page may have begun to boot it by itself, as its address says: then this waits for it. */
async function bootEngine(page: Page, request: { engine: EngineName; threads?: number }): Promise<EngineReport> {
  const outcome = await page.evaluate(async (request): Promise<Outcome<EngineReport>> => {
    try {
      return { value: await studio.compute.boot(request) }
    } catch (error) {
      const { message, remedy, code } = error as Failure
      return { failure: { message, remedy, code } }
    }
  }, request)
  return resultOf(outcome)
}
