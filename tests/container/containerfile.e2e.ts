/**
 * The Containerfile's steps as a script in a clean folder, which holds what a container's would. No container engine
 * runs here: the base image and the browser's package are not part of it.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../../scripts/browser/ensure-build'

interface Step {
  word: string
  rest: string
}

function steps(): Step[] {
  const lines = readFileSync(join(ROOT, 'Containerfile'), 'utf8').split('\n')
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ word: line.split(' ')[0], rest: line.slice(line.indexOf(' ') + 1) }))
}

/** Files that `COPY . .` takes: tracked ones and new ones, less what .dockerignore leaves out. */
function context(): string[] {
  const left = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n').filter(Boolean)
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  return listed
    .toString()
    .split('\0')
    .filter((path) => path !== '' && !left.includes(path.split('/')[0]) && existsSync(join(ROOT, path)))
}

function copyInto(folder: string, paths: readonly string[]): void {
  for (const path of paths) {
    cpSync(join(ROOT, path), join(folder, path), { preserveTimestamps: true })
  }
}

test('install, build and start work with nothing but the files that the container gets', { timeout: 400_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'container-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const environment: NodeJS.ProcessEnv = { ...process.env, npm_config_prefer_offline: 'true' }
  const { NODE_ENV: _, VITEST: __, ...env } = environment
  const ran: string[] = []
  let entry: string[] = []
  for (const { word, rest } of steps()) {
    if (word === 'COPY') {
      const paths = rest.split(' ').slice(0, -1)
      copyInto(folder, paths[0] === '.' ? context() : paths)
    } else if (word === 'RUN' && !rest.startsWith('apt-get')) {
      const { status, stderr } = spawnSync('sh', ['-c', rest], { cwd: folder, env, encoding: 'utf8' })
      expect(status, `${rest}\n${stderr}`).toBe(0)
      ran.push(rest)
    } else if (word === 'ENTRYPOINT') entry = JSON.parse(rest) as string[]
  }
  expect(ran).toEqual(['npm ci', 'npm run build'])
  expect(existsSync(join(folder, 'dist', 'index.html'))).toBe(true)
  // It knows its command, and asks for the study's file.
  const [program, ...args] = entry
  const { status, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' })
  expect(stderr).toContain('npm run study')
  expect(status).toBe(1)
})

test('the image gets the browser that the app finds by itself, and a Node that the app takes', () => {
  const find = (word: string) => steps().filter((step) => step.word === word)
  expect(find('RUN')[0].rest).toContain(' chromium ')
  const image = /node:(\d+)-/.exec(find('FROM')[0].rest)
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } }
  const oldest = /\d+/.exec(engines.node)
  expect(Number(image?.[1])).toBeGreaterThanOrEqual(Number(oldest?.[0]))
})
