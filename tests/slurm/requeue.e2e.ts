/** How a task of the array ends, and whether it comes back: a program that ends as it is told stands in for the study's. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../../scripts/browser/ensure-build'
import { type Cluster, startCluster, until } from './cluster'

/** Writes what it was told into a file of its line; the first start of a line ends as the line's number says. */
const STAND_IN = `
import { appendFileSync, readFileSync } from 'node:fs'

process.on('SIGTERM', () => process.exit(75))
const args = process.argv.slice(2)
const [, , out, , index] = args
const file = out + '/line-' + index
appendFileSync(file, args.join(' ') + '\\n')
const starts = readFileSync(file, 'utf8').trim().split('\\n').length
const ENDS = [
  () => process.exit(0),
  () => process.exit(starts === 1 ? 75 : 0),
  () => process.exit(1),
  () => process.kill(process.pid, 'SIGKILL'),
  () => {
    if (starts > 1) process.exit(0)
    setTimeout(() => process.exit(1), 60_000)
  },
]
ENDS[Number(index)]()
`

let cluster: Cluster
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slurm-tasks-'))
  mkdirSync(join(folder, 'scripts', 'commands'), { recursive: true })
  mkdirSync(join(folder, 'out'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'scripts', 'commands', 'study.ts'), STAND_IN)
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  cluster = await startCluster(2)
})

afterAll(async () => {
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a task comes back after 75 and when it was killed, five times at most, and stays failed after any other error', async () => {
  const script = join(ROOT, 'scripts', 'slurm', 'study.sbatch')
  const options = ['--parsable', '--array=0-4', '--cpus-per-task=1', '--mem=0']
  const job = await cluster.slurm('sbatch', [...options, script, 'study.json', 'out', '--engine', 'wasm'], folder)

  const taskOf = async (index: number) => (await cluster.tasks(job)).find((task) => task.index === index)
  await until('the last task waits', async () => (await taskOf(4))?.state === 'RUNNING', 60, cluster.logs)
  const lineFile = (index: number) => join(folder, 'out', `line-${index}`)
  await until('its program has begun', () => existsSync(lineFile(4)), 20, cluster.logs)
  await cluster.slurm('scancel', ['--signal=TERM', `${job}_4`])

  const ENDED = ['COMPLETED', 'FAILED']
  const isOver = async () => {
    const tasks = await cluster.tasks(job)
    return tasks.length === 5 && tasks.every(({ state }) => ENDED.includes(state))
  }
  await until('all tasks have ended', isOver, 170, cluster.logs)
  expect(await cluster.tasks(job)).toEqual([
    { index: 0, state: 'COMPLETED', restarts: 0 },
    { index: 1, state: 'COMPLETED', restarts: 1 },
    { index: 2, state: 'FAILED', restarts: 0 },
    { index: 3, state: 'FAILED', restarts: 5 },
    { index: 4, state: 'COMPLETED', restarts: 1 },
  ])
  expect(readFileSync(lineFile(1), 'utf8')).toBe('study.json --out out --index 1 --threads 1 --engine wasm\n'.repeat(2))
})
