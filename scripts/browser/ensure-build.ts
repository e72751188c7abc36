/** Builds the app into `dist` when its sources are newer than the last build. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')
export const DIST = join(ROOT, 'dist')

const SOURCES = ['src', 'workers', 'public', 'index.html', 'vite.config.ts', 'package-lock.json']

/** Time of the latest change at or below a path; folders count, so that a deleted file is noticed. */
function newestChange(path: string): number {
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestChange(join(path, name))), found.mtimeMs)
}

function isStale(): boolean {
  const built = join(DIST, 'index.html')
  if (!existsSync(built)) return true
  const builtAt = statSync(built).mtimeMs
  return SOURCES.some((source) => newestChange(join(ROOT, source)) > builtAt)
}

/** Throws when the build fails; its output is shown. */
export function ensureBuild(): void {
  if (!isStale()) return
  console.log('Building the app.')
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  // Whoever starts it, a test runner for instance, the app is built as people get it.
  const env = { ...process.env, NODE_ENV: 'production' }
  const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: ROOT, env, stdio: 'inherit' })
  if (built.status !== 0) throw new Error('The build failed; the messages above say why.')
}
