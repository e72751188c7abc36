/** The contestants in a headless browser: the benchmarks' page is built like the app, served, and opened. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { ROOT } from '../browser/ensure-build'
import { CHROMIUM_ARGUMENTS, ensureBrowser, QUIET_ARGUMENTS } from '../browser/find-browser'
import { startStaticServer } from '../browser/static-server'
import { UsageError } from '../headless/options'
import { assemblyKernels } from '../vite/assembly-kernels'
import { tfjsWasmThreads } from '../vite/tfjs-wasm-threads'
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

/** Not a dependency: 140 MB. */
const ORT_PACKAGE = 'onnxruntime-web@1.30.0'

/** Names under which the page's server knows how to answer. */
const ORT_FILES: Record<string, string> = {
  'ort.webgpu.bundle.min.mjs': 'webgpu.js',
  'ort.wasm.bundle.min.mjs': 'wasm.js',
  'ort-wasm-simd-threaded.asyncify.wasm': 'ort-wasm-simd-threaded.asyncify.wasm',
  'ort-wasm-simd-threaded.wasm': 'ort-wasm-simd-threaded.wasm',
}

function serveOrt(folder: string): void {
  const dist = join(ROOT, 'node_modules', 'onnxruntime-web', 'dist')
  if (!existsSync(dist)) {
    throw new UsageError(
      `--peer ort needs onnxruntime-web, which is not installed. Run: npm install --no-save ${ORT_PACKAGE}, and repeat the command.`,
    )
  }
  mkdirSync(join(folder, 'ort'))
  for (const [file, name] of Object.entries(ORT_FILES)) copyFileSync(join(dist, file), join(folder, 'ort', name))
}

export async function openBrowserHost(adapter: BrowserAdapter, isOrtServed: boolean): Promise<Host> {
  const { executable, version } = ensureBrowser()
  const folder = mkdtempSync(join(tmpdir(), 'cpral-studio-bench-'))
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end()
  }
  try {
    await buildPage(folder)
    if (isOrtServed) serveOrt(folder)
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
