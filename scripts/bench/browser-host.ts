/** The contestants in a headless browser: the benchmarks' page is built like the app, served, and opened. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { assemblyKernels } from '../assembly-kernels'
import { CHROMIUM_ARGUMENTS, ensureBrowser, QUIET_ARGUMENTS } from '../find-browser'
import { startStaticServer } from '../static-server'
import { tfjsWasmThreads } from '../tfjs-wasm-threads'
import type { Host } from './host'
import type { BrowserAdapter } from './options'

const HARDWARE_ARGUMENTS = [
  '--headless=new',
  '--enable-unsafe-webgpu',
  '--ignore-gpu-blocklist',
  ...(process.platform === 'linux' ? ['--enable-features=Vulkan'] : []),
  ...QUIET_ARGUMENTS,
]

async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'page'),
    base: './',
    publicDir: false,
    logLevel: 'error',
    plugins: [assemblyKernels()],
    worker: { format: 'es', plugins: () => [assemblyKernels(), tfjsWasmThreads()] },
    build: {
      target: 'es2023',
      outDir,
      emptyOutDir: true,
      chunkSizeWarningLimit: 5000,
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  })
}

export async function openBrowserHost(adapter: BrowserAdapter): Promise<Host> {
  const { executable, version } = ensureBrowser()
  const folder = mkdtempSync(join(tmpdir(), 'cpral-studio-bench-'))
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end()
  }
  try {
    await buildPage(folder)
    const server = await startStaticServer(folder, [0])
    closing.push(server.close)
    const browser = await chromium.launch({
      executablePath: executable,
      args: adapter === 'hardware' ? HARDWARE_ARGUMENTS : CHROMIUM_ARGUMENTS,
    })
    closing.push(() => browser.close())
    const page = await browser.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(message.text())
    })
    await page.goto(`http://localhost:${server.port}/`)
    await page.waitForFunction(() => 'callContestant' in globalThis)
    return {
      call: (name, method, argument) =>
        page.evaluate(([n, m, a]) => callContestant(n, m, a), [name, method, argument] as const) as never,
      description: version,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
