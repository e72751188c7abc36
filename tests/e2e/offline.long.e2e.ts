import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DIST, ensureBuild } from '../../scripts/browser/ensure-build.ts'
import { CHROMIUM_ARGUMENTS, findBrowser } from '../../scripts/browser/find-browser.ts'
import { type StaticServer, startStaticServer } from '../../scripts/browser/static-server.ts'
import { createTinyRun, finishRun, roundsOf, TINY } from './session.ts'

let profile: string
let context: BrowserContext
let page: Page
let server: StaticServer

beforeEach(async () => {
  ensureBuild()
  profile = mkdtempSync(join(tmpdir(), 'cpral-studio-offline-'))
  // A host that knows nothing of isolation.
  server = await startStaticServer(DIST, [0], { isPlain: true })
  context = await chromium.launchPersistentContext(profile, {
    executablePath: findBrowser() ?? 'none',
    headless: true,
    args: CHROMIUM_ARGUMENTS,
  })
  await context.addInitScript('globalThis.__name = (value) => value')
  page = await context.newPage()
})

afterEach(async () => {
  await context.close()
  await server.close().catch(() => {})
  rmSync(profile, { recursive: true, force: true })
})

const address = () => `http://localhost:${server.port}/?engine=wasm&offline=on#/`

test('a static host: after the first visit the page is isolated, and opens, trains and labels without the host', async () => {
  await page.goto(address())
  await expect.poll(() => page.evaluate(() => crossOriginIsolated).catch(() => false), { timeout: 60_000 }).toBe(true)
  const { port } = server
  await server.close()
  await context.setOffline(true)
  await page.goto(`http://localhost:${port}/?engine=wasm&offline=on#/project/none`)
  await page.reload()
  await page.waitForFunction(() => 'studio' in globalThis)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  const report = await page.evaluate(() => studio.compute.boot({ engine: 'wasm' }))
  expect(report.device).toContain('threads')
  const run = await createTinyRun(page, { ...TINY, selection: { ...TINY.selection, rounds: 2 } })
  await finishRun(page, run.runId)
  expect((await roundsOf(page, run.runId)).at(-1)?.evaluation).not.toBeNull()
  // What is loaded only when it is wanted is there too.
  expect(await page.evaluate((runId) => studio.report({ runId }), run.runId)).toContain('<svg')
})
