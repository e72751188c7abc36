/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type Plugin } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { CHROMIUM_ARGUMENTS, findBrowser } from './scripts/browser/find-browser.ts'
import { assemblyKernels } from './scripts/vite/assembly-kernels.ts'
import { precacheManifest, SERVICE_WORKER } from './scripts/vite/precache-manifest.ts'
import { tfjsWasmThreads } from './scripts/vite/tfjs-wasm-threads.ts'
import { contentSecurityPolicy, ISOLATION_HEADERS } from './src/domain/security-policy.ts'

/** For hosts that send no headers; in development the page is put together by scripts that it would forbid. */
function policyInPage(): Plugin {
  const attrs = { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy() }
  return {
    name: 'policy-in-page',
    apply: 'build',
    transformIndexHtml: () => [{ tag: 'meta', attrs, injectTo: 'head-prepend' }],
  }
}

/** Suites that a change seldom needs: `npm run test:long` runs them, and CI. */
const LONG = '**/*.long.*.ts'

/** Tests that compute on the engines of their own page. */
const ENGINE_TESTS = 'src/{gpu,kernels,model}/**/*.browser.test.ts'

type TestOptions = NonNullable<TestProjectInlineConfiguration['test']>

/** Files run one after another, since one core compiles the kernels of all. Vitest writes into these options: each project has its own. */
const inBrowser = (): TestOptions => ({
  testTimeout: 120_000,
  hookTimeout: 120_000,
  fileParallelism: false,
  restoreMocks: true,
  unstubGlobals: true,
  browser: {
    enabled: true,
    headless: true,
    screenshotFailures: false,
    provider: playwright({
      launchOptions: { executablePath: findBrowser() ?? 'none', args: CHROMIUM_ARGUMENTS },
    }),
    instances: [{ browser: 'chromium' }],
  },
})

/** One page for all files: modules are loaded and kernels compiled once, and each file leaves the page as it found it. */
const ONE_PAGE: TestOptions = { isolate: false, setupFiles: ['tests/support/leaves-no-trace.ts'] }

/** Journeys of a person through the built app. */
const JOURNEYS: TestOptions = {
  environment: 'node',
  isolate: false,
  globalSetup: ['tests/e2e/global-setup.ts'],
  testTimeout: 180_000,
  hookTimeout: 180_000,
  // A page waits more than it works: two browsers keep two cores busy.
  maxWorkers: 2,
  // What a page does takes its time where both cores are busy.
  expect: { poll: { timeout: 30_000 } },
}

export default defineConfig({
  base: './',
  // Suites that run side by side prepare their dependencies each for itself.
  cacheDir: `node_modules/.vite/${process.env.VITE_CACHE ?? ''}`,
  plugins: [svelte({ configFile: false }), assemblyKernels(), policyInPage(), precacheManifest()],
  worker: { format: 'es', plugins: () => [assemblyKernels(), tfjsWasmThreads()] },
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 3000,
    rolldownOptions: {
      input: { page: 'index.html', service: 'workers/service.worker.ts' },
      output: { entryFileNames: ({ name }) => (name === 'service' ? SERVICE_WORKER : 'assets/[name]-[hash].js') },
      checks: { pluginTimings: false },
    },
  },
  server: { headers: ISOLATION_HEADERS },
  optimizeDeps: {
    // Named here so that a test or a page that meets them late does not reload for them.
    include: [
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-core/dist/gradients/*_grad',
      '@tensorflow/tfjs-backend-webgpu/dist/base',
      '@tensorflow/tfjs-backend-webgpu/dist/kernels/*',
      '@tensorflow/tfjs-backend-wasm/dist/base',
      '@tensorflow/tfjs-backend-wasm/dist/kernels/*',
      'idb',
      'comlink',
      'fast-png',
      'fflate',
      '@observablehq/plot',
      'tinykeys',
      '@zip.js/zip.js/lib/zip-core.js',
      'image-size',
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          // The tests share nothing but constants: modules are loaded once for all files.
          isolate: false,
          // Types and lint are checked at the same time, on two cores.
          testTimeout: 30_000,
          include: ['{src,workers,scripts,tests}/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts'],
        },
      },
      {
        extends: true,
        test: { ...inBrowser(), ...ONE_PAGE, name: 'kernels', include: [ENGINE_TESTS], exclude: [LONG] },
      },
      {
        extends: true,
        test: {
          ...inBrowser(),
          ...ONE_PAGE,
          name: 'browser',
          include: ['{src,workers,tests}/**/*.browser.test.ts'],
          exclude: [ENGINE_TESTS, LONG],
        },
      },
      {
        extends: true,
        test: { ...inBrowser(), name: 'browser-long', include: ['{src,workers,tests}/**/*.long.browser.test.ts'] },
      },
      {
        extends: true,
        test: { ...JOURNEYS, name: 'e2e', include: ['tests/e2e/*.e2e.ts'], exclude: [LONG] },
      },
      {
        extends: true,
        test: { ...JOURNEYS, name: 'e2e-long', include: ['tests/e2e/*.long.e2e.ts'] },
      },
      {
        extends: true,
        // Each file takes both cores: a cluster of its own, or an installation.
        test: { ...JOURNEYS, name: 'cluster', include: ['tests/{slurm,container}/*.e2e.ts'], fileParallelism: false },
      },
    ],
  },
})
