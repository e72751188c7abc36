/** `npm run study` as a process of a journey. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const COMMAND = join(import.meta.dirname, '..', '..', 'scripts', 'commands', 'study.ts')

/** Settings of a line that takes seconds, on the demo's scenes or as small images. */
export const SECONDS_EACH = {
  size: { height: 32, width: 64 },
  network: { width: 0.25, channels: 8 },
  training: { epochs: 3 },
  monteCarlo: { passes: 2 },
  selection: { rounds: 2, initialImages: 4, panopticSize: 3, budgetImages: 1, regionSide: 8 },
}

export interface StudyCommand {
  process: ChildProcess
  /** Everything that it has said until now. */
  said(): string
  /** Resolves to its exit status; null when a signal ended it. */
  ended: Promise<number | null>
}

/** Starts it in a process group of its own, as a terminal does. Its browsers are no part of that. */
export function startStudy(argv: readonly string[]): StudyCommand {
  const child = spawn(process.execPath, ['--import', 'tsx', COMMAND, ...argv, '--engine', 'wasm'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      text += data
    })
  }
  return { process: child, said: () => text, ended: once(child, 'exit').then(([code]) => code as number | null) }
}

/** Ends all processes of its group at once. */
export function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL')
}
