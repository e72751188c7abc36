/** A Slurm cluster of one node, this machine, in a folder of its own: own key, ports, state and processes, gone after the test. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type SlurmProgram, slurmPrograms } from './programs'

/** A task of an array, as the controller sees it. */
export interface Task {
  index: number
  /** PENDING, RUNNING, COMPLETING, COMPLETED, FAILED and so on. */
  state: string
  /** How often it was put back into the queue. */
  restarts: number
}

export interface Cluster {
  /** Runs a program of Slurm. @returns what it says. @throws Error with its message */
  slurm(program: SlurmProgram, args: readonly string[], cwd?: string): Promise<string>
  /** The tasks of an array that have begun at least once, or end, by index. */
  tasks(job: string): Promise<Task[]>
  /** What the daemons wrote, for a test that fails. */
  logs(): string
  /** Cancels what still runs, ends the daemons and deletes the folder. */
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port is free.')
  return address.port
}

/** The fewest settings with which one node works. A task that is put back begins after `cred_expire` seconds; 120 is Slurm's own. */
function configuration(folder: string, ports: { controller: number; node: number }, cpus: number): string {
  const host = hostname()
  const user = userInfo().username
  return `
ClusterName=study
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${ports.controller}
SlurmdPort=${ports.node}
AuthInfo=socket=${folder}/munge.socket,cred_expire=10
SlurmUser=${user}
SlurmdUser=${user}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
MinJobAge=3600
SchedulerParameters=sched_interval=1,bf_interval=2,batch_sched_delay=0
SlurmdParameters=config_overrides
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return
  const ended = new Promise((resolve) => daemon.once('exit', resolve))
  daemon.kill('SIGTERM')
  const kill = setTimeout(() => daemon.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(kill)
}

/** Waits until `check` is true. @throws Error with `what` and what `details` tells after `seconds` */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  seconds: number,
  details: () => string = () => '',
): Promise<void> {
  const endsAt = Date.now() + seconds * 1000
  while (!(await check())) {
    if (Date.now() > endsAt) throw new Error(`Waited ${seconds} s in vain until ${what}.\n${details()}`)
    await sleep(250)
  }
}

/** "JobId=8 ArrayJobId=7 ArrayTaskId=0 ... JobState=RUNNING ... Restarts=1 ..." a line. */
function readTasks(text: string): Task[] {
  const tasks = text.split('\n').flatMap((line) => {
    const value = (name: string) => new RegExp(`\\b${name}=(\\S+)`).exec(line)?.[1]
    const index = value('ArrayTaskId')
    // Tasks that have not begun share one line: "ArrayTaskId=2-7".
    if (index === undefined || !/^\d+$/.test(index)) return []
    return [{ index: Number(index), state: value('JobState') ?? '', restarts: Number(value('Restarts')) }]
  })
  return tasks.sort((a, b) => a.index - b.index)
}

/** Starts a cluster whose node offers `cpus` cores, as the user of this process. @throws Error naming what did not start */
export async function startCluster(cpus: number): Promise<Cluster> {
  const programs = slurmPrograms()
  const folder = mkdtempSync(join(tmpdir(), 'slurm-'))
  // Munge wants its socket's folder to be passable.
  chmodSync(folder, 0o711)
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 })
  const settings = join(folder, 'slurm.conf')
  writeFileSync(settings, configuration(folder, { controller: await freePort(), node: await freePort() }, cpus))
  const env = { ...process.env, SLURM_CONF: settings }
  const daemons: ChildProcess[] = []
  const killAll = () => {
    for (const daemon of daemons) daemon.kill('SIGKILL')
  }
  process.once('exit', killAll)

  let said = ''
  const start = (program: SlurmProgram, args: readonly string[]) => {
    const daemon = spawn(programs[program], args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    daemon.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    daemons.push(daemon)
  }
  const slurm: Cluster['slurm'] = async (program, args, cwd) =>
    (await promisify(execFile)(programs[program], [...args], { env, cwd })).stdout.trim()
  const stop = async () => {
    try {
      await slurm('scancel', ['--user', userInfo().username])
      await until('the queue is empty', async () => (await slurm('squeue', ['--noheader'])) === '', 40)
    } finally {
      for (const daemon of daemons.toReversed()) await end(daemon)
      process.off('exit', killAll)
      rmSync(folder, { recursive: true, force: true })
    }
  }

  const at = (name: string) => join(folder, name)
  start('munged', [
    '--foreground',
    '--force',
    `--key-file=${at('munge.key')}`,
    `--socket=${at('munge.socket')}`,
    `--pid-file=${at('munged.pid')}`,
    `--seed-file=${at('munge.seed')}`,
  ])
  start('slurmctld', ['-D'])
  start('slurmd', ['-D'])
  try {
    await until(
      'the node is idle',
      () => isIdle(slurm),
      60,
      () => said,
    )
  } catch (error) {
    for (const daemon of daemons.toReversed()) await end(daemon)
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return {
    slurm,
    tasks: async (job) => readTasks(await slurm('scontrol', ['--oneliner', 'show', 'job', job])),
    logs: () => `${readFileSync(at('slurmctld.log'), 'utf8')}\n${readFileSync(at('slurmd.log'), 'utf8')}\n${said}`,
    stop,
  }
}

async function isIdle(slurm: Cluster['slurm']): Promise<boolean> {
  try {
    return (await slurm('sinfo', ['--noheader', '--format=%T'])) === 'idle'
  } catch {
    // The controller does not answer yet.
    return false
  }
}
