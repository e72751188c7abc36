/** Finds a Chromium-family browser on this machine: CHROMIUM_PATH, then the usual places. */
import { existsSync } from 'node:fs'

/** Real WebGPU in page and worker without a GPU, and silence towards the network. */
export const CHROMIUM_ARGUMENTS = [
  '--headless=new',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/google-chrome']

export function findBrowser(): string {
  const found = [process.env.CHROMIUM_PATH, ...CANDIDATES].find((path) => path && existsSync(path))
  if (!found) throw new Error('No Chrome, Chromium or Edge found. Install one, or set CHROMIUM_PATH to its executable.')
  return found
}
