/** The built app in a headless browser: the same page, workers and storage that a person uses. */
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import type { EngineName } from '../../src/domain/engine'
import '../../src/app/automation'
import { DIST, ensureBuild } from './ensure-build'
import { QUIET_ARGUMENTS } from './find-browser'
import { allGiven } from './give-function'
import { endLeftoverBrowser } from './processes'
import { startStaticServer } from './static-server'

/**
 * The address the browser sees, whatever port the server got: storage belongs to an address, and a run must find its data
 * again. Names under localhost count as secure.
 */
export const APP_ORIGIN = 'http://studio.localhost'

export interface OpenBrowserRequest {
  executable: string
  /** Folder of the persistent browser profile. */
  profile: string
  engine: EngineName | null
  /** Threads of the WASM engine; all that the machine has when absent. */
  threads?: number
  webgpu: 'hardware' | 'software' | 'off'
  /** Where to open, as the part of the address after the page's name. */
  place?: string
  /** Where weights may be taken from, in place of the usual host. */
  weightsOrigins?: readonly string[]
  /** More of the browser's arguments. */
  flags?: readonly string[]
  /** Scripts that run in every page before its own. */
  scripts?: readonly string[]
  /** Whoever started this process has built the app: it is taken as it is. */
  isBuilt?: boolean
}

export interface OpenBrowser {
  context: BrowserContext
  page: Page
  close(): Promise<void>
}

const WEBGPU_ARGUMENTS: Record<OpenBrowserRequest['webgpu'], string[]> = {
  hardware: [
    '--enable-unsafe-webgpu',
    '--ignore-gpu-blocklist',
    ...(process.platform === 'linux' ? ['--enable-features=Vulkan'] : []),
  ],
  software: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  off: ['--disable-features=WebGPU', '--disable-gpu'],
}

async function launch(request: OpenBrowserRequest, port: number): Promise<BrowserContext> {
  // The profile has one user at a time: its folder is locked.
  await endLeftoverBrowser(request.profile)
  return await chromium.launchPersistentContext(request.profile, {
    executablePath: request.executable,
    headless: true,
    // The commands answer signals themselves.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    viewport: { width: 1280, height: 900 },
    args: [
      ...QUIET_ARGUMENTS,
      ...WEBGPU_ARGUMENTS[request.webgpu],
      ...(request.flags ?? []),
      // Everything but the app's own address fails to resolve: nothing leaves this machine.
      `--host-resolver-rules=MAP studio.localhost:80 127.0.0.1:${port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
    ],
  })
}

/**
 * Opens the app in a new page; resolves when its scripting interface is there. The usual place is a project that does not
 * exist: at the list of projects ('#/') an empty profile would draw the demo by itself.
 */
export async function openPage(
  context: BrowserContext,
  engine: EngineName | null,
  place = '#/project/none',
  threads?: number,
): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)
  const asked = new URLSearchParams({ ...(engine && { engine }), ...(threads && { threads: `${threads}` }) })
  await page.goto(`${APP_ORIGIN}/${asked.size > 0 ? `?${asked}` : ''}${place}`)
  await page.waitForFunction(() => 'studio' in globalThis)
  return page
}

/** Leads an open page to a place: the part of its address from '#' on. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, place)
}

/** Builds when needed, serves, launches and opens the app. */
export async function openBrowser(request: OpenBrowserRequest): Promise<OpenBrowser> {
  if (!request.isBuilt) ensureBuild()
  const server = await startStaticServer(
    DIST,
    [0],
    request.weightsOrigins ? { weightsOrigins: request.weightsOrigins } : {},
  )
  try {
    const context = await launch(request, server.port)
    const close = async () => {
      await allGiven()
      await context.close()
      await server.close()
    }
    try {
      // The names that tsx keeps for functions do not exist in the page that evaluates them.
      const scripts = ['globalThis.__name = (value) => value', ...(request.scripts ?? [])]
      for (const content of scripts) await context.addInitScript({ content })
      return { context, page: await openPage(context, request.engine, request.place, request.threads), close }
    } catch (error) {
      await context.close()
      throw error
    }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** Whether a browser with these arguments has a WebGPU adapter that is a real device. */
export async function hasHardwareWebgpu(executable: string): Promise<boolean> {
  const browser = await chromium.launch({
    executablePath: executable,
    args: [...QUIET_ARGUMENTS, ...WEBGPU_ARGUMENTS.hardware],
  })
  try {
    const page = await browser.newPage()
    // WebGPU exists in secure contexts only; this address is one and needs no server.
    await page.route('http://localhost/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>probe</title>' }),
    )
    await page.goto('http://localhost/')
    return await page.evaluate(async () => {
      const adapter = await navigator.gpu?.requestAdapter()
      if (!adapter) return false
      return (
        !adapter.info.isFallbackAdapter &&
        !/swiftshader|llvmpipe/i.test(`${adapter.info.architecture} ${adapter.info.description}`)
      )
    })
  } finally {
    await browser.close()
  }
}
