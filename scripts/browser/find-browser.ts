/** Finds a Chromium-family browser on this machine, and installs one where there is none. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

/** Silence towards the network, and no sandbox for root, who cannot have one. */
export const QUIET_ARGUMENTS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

/** Real WebGPU in page and worker without a GPU (SwiftShader). */
export const CHROMIUM_ARGUMENTS = [
  '--headless=new',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  ...QUIET_ARGUMENTS,
]

const NAMES: Record<string, string[]> = {
  linux: [
    'google-chrome',
    'google-chrome-stable',
    'chromium',
    'chromium-browser',
    'microsoft-edge',
    'microsoft-edge-stable',
  ],
  darwin: ['google-chrome', 'chromium'],
  win32: ['chrome.exe', 'chromium.exe', 'msedge.exe'],
}

/** Full paths to try on a platform, in order of preference. */
export function browserCandidates(platform: string, environment: NodeJS.ProcessEnv): string[] {
  const onPath = (environment.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => (NAMES[platform] ?? []).map((name) => join(folder, name)))
  if (platform === 'darwin') {
    const applications = ['/Applications', join(environment.HOME ?? '', 'Applications')]
    const names = ['Google Chrome', 'Chromium', 'Microsoft Edge']
    return [...names.flatMap((name) => applications.map((at) => `${at}/${name}.app/Contents/MacOS/${name}`)), ...onPath]
  }
  if (platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => environment[name]).filter(Boolean)
    const tails = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ]
    return [...tails.flatMap((tail) => roots.map((root) => `${root}\\${tail}`)), ...onPath]
  }
  const usual = [
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/lib/chromium/chromium',
    '/usr/bin/microsoft-edge',
  ]
  return [...usual, ...onPath]
}

/** Executable of the browser to use, or null when none is installed. A wrong CHROMIUM_PATH is an error, not a hint. */
export function findBrowser(): string | null {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (existsSync(named)) return named
    throw new Error(
      `CHROMIUM_PATH is ${named}, but no file is there. Correct it, or unset it to search the usual places.`,
    )
  }
  const installed = browserCandidates(process.platform, process.env).find((path) => existsSync(path))
  if (installed) return installed
  const downloaded = chromium.executablePath()
  return existsSync(downloaded) ? downloaded : null
}

/** "Chromium 156.0 ..." as the browser itself says; a version file beside it on Windows, where it does not say. */
function browserVersion(executable: string): string {
  if (process.platform === 'win32') return 'version not reported by the browser on Windows'
  const said = spawnSync(executable, ['--version'], { encoding: 'utf8', timeout: 30_000 })
  if (said.status !== 0) throw new Error(`${executable} does not start: ${said.error?.message ?? said.stderr.trim()}`)
  return said.stdout.trim()
}

function isDebian(): boolean {
  if (process.platform !== 'linux' || !existsSync('/etc/os-release') || !existsSync('/usr/bin/apt-get')) return false
  const release = readFileSync('/etc/os-release', 'utf8')
  const id = /^ID="?([^"\n]*)/m.exec(release)?.[1] ?? ''
  const like = /^ID_LIKE="?([^"\n]*)/m.exec(release)?.[1] ?? ''
  // Ubuntu's package of that name only points to a snap, which does not run in containers.
  return id === 'debian' || (like.includes('debian') && !`${id} ${like}`.includes('ubuntu'))
}

function installBrowser(): void {
  const isRoot = process.getuid?.() === 0
  if (isRoot && isDebian()) {
    console.log('No Chrome, Chromium or Edge found: installing the Debian package chromium.')
    const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
    spawnSync('apt-get', ['update'], options)
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options)
    if (findBrowser()) return
    console.log('The Debian package could not be installed.')
  }
  console.log("No Chrome, Chromium or Edge found: downloading Playwright's Chromium into its cache.")
  const withDependencies = isRoot && process.platform === 'linux' ? ['--with-deps'] : []
  execFileSync(process.execPath, [playwrightProgram(), 'install', ...withDependencies, 'chromium'], {
    stdio: 'inherit',
  })
}

function playwrightProgram(): string {
  return join(import.meta.dirname, '..', '..', 'node_modules', 'playwright-core', 'cli.js')
}

/** The browser to use, installed first where there is none. Says which one it is. */
export function ensureBrowser(): { executable: string; version: string } {
  if (!findBrowser()) installBrowser()
  const executable = findBrowser()
  if (!executable) {
    throw new Error('No browser could be installed. Install Chrome, Chromium or Edge, or set CHROMIUM_PATH to one.')
  }
  const version = browserVersion(executable)
  console.log(`Browser: ${version} (${executable})`)
  return { executable, version }
}
