/** A study as a job array, disturbed, beside the same study on one machine, undisturbed. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../../scripts/browser/ensure-build'
import { ensureBrowser } from '../../scripts/browser/find-browser'
import { readManifest } from '../../src/study/study-line'
import { type Cluster, startCluster, type Task, until } from './cluster'
import { studyResults } from './results'

const STUDY = 'studies/tiny.json'
const LINES = 8

let cluster: Cluster
let folder: string

beforeAll(async () => {
  ensureBrowser()
  folder = mkdtempSync(join(tmpdir(), 'slurm-study-'))
  cluster = await startCluster(2)
})

afterAll(async () => {
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function study(...args: string[]): Promise<string> {
  const all = ['--import', 'tsx', 'scripts/commands/study.ts', ...args]
  return (await promisify(execFile)(process.execPath, all, { cwd: ROOT })).stdout
}

function tell(what: string, tasks: readonly Task[]): void {
  const said = tasks.map(
    ({ index, state, restarts }) => `${index} ${state}${restarts > 0 ? ` (again ${restarts})` : ''}`,
  )
  console.log(`${new Date().toISOString().slice(11, 19)} ${what}: ${said.join(', ')}`)
}

/** What the tasks' programs said, for a failure. */
function logsOf(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith('.log'))
  return names.map((name) => `== ${name}\n${readFileSync(join(folder, name), 'utf8')}`).join('\n')
}

test('an array comes to the results of one machine, though a task is killed and another put back', {
  timeout: 600_000,
}, async () => {
  const out = join(folder, 'array')
  const script = join(ROOT, 'scripts', 'slurm', 'study.sbatch')
  const logs = `--output=${join(folder, 'study-%A_%a.log')}`
  const options = ['--parsable', `--array=0-${LINES - 1}`, '--cpus-per-task=1', '--mem=0', logs]
  const job = await cluster.slurm('sbatch', [...options, script, STUDY, out], ROOT)
  const details = () => `${logsOf(folder)}\n${cluster.logs()}`
  const taskOf = async (index: number) => (await cluster.tasks(job)).find((task) => task.index === index)

  const manifest = join(out, 'manifest.jsonl')
  await until('the manifest is there', () => existsSync(manifest), 60, details)
  const hashes = readManifest(readFileSync(manifest, 'utf8')).map(({ hash }) => hash)
  expect(hashes).toHaveLength(LINES)
  const inLine = (index: number, name: string) => join(out, 'lines', hashes[index], name)
  // A run of the line, or of its first round, has been made.
  const isWorkedOn = (index: number) =>
    existsSync(inLine(index, 'state.json')) && /unId": "/.test(readFileSync(inLine(index, 'state.json'), 'utf8'))

  await until('line 0 is worked on', () => isWorkedOn(0), 60, details)
  const { pid } = JSON.parse(readFileSync(inLine(0, 'lock.json'), 'utf8')) as { pid: number }
  process.kill(pid, 'SIGKILL')
  await until('task 0 is put back', async () => (await taskOf(0))?.restarts === 1, 30, details)
  tell(`process ${pid} of task 0 was killed`, await cluster.tasks(job))

  let next = -1
  const findNext = async () => {
    const running = (await cluster.tasks(job)).filter(({ state }) => state === 'RUNNING')
    next = running.find(({ index }) => index > 0 && isWorkedOn(index))?.index ?? -1
    return next > 0
  }
  await until('another line is worked on', findNext, 60, details)
  await cluster.slurm('scontrol', ['requeue', `${job}_${next}`])
  await until('it is put back', async () => (await taskOf(next))?.restarts === 1, 30, details)
  tell(`task ${next} was put back`, await cluster.tasks(job))

  const isOver = async () => {
    const tasks = await cluster.tasks(job)
    return tasks.length === LINES && tasks.every(({ state }) => ['COMPLETED', 'FAILED'].includes(state))
  }
  await until('all tasks have ended', isOver, 400, details)
  const tasks = await cluster.tasks(job)
  tell('the array is done', tasks)
  const expected = tasks.map(({ index }) => ({
    index,
    state: 'COMPLETED',
    restarts: [0, next].includes(index) ? 1 : 0,
  }))
  expect(tasks, details()).toEqual(expected)

  const local = join(folder, 'local')
  await study(STUDY, '--out', local, '--jobs', '2')
  await study('--report', out)
  const [fromArray, fromLocal] = [studyResults(out), studyResults(local)]
  expect([...fromArray.keys()]).toEqual([...fromLocal.keys()])
  expect(fromArray.size).toBeGreaterThan(2 * LINES)
  expect([...fromArray.keys()]).toContain('report/results.json')
  for (const [path, text] of fromLocal) expect(fromArray.get(path), path).toBe(text)
})
