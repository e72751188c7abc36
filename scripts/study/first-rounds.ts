/** First rounds that several lines of a study begin with: whoever needs one first trains it for all. */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { CpralConfig } from '../../src/domain/config'
import type { Progress } from '../../src/domain/progress'
import type { FirstRound } from '../../src/domain/run'
import { giveFunction } from '../browser/give-function'
import { CHECKPOINT, createRun, FIRST_ROUND, type FirstRoundFacts } from '../headless/create-run'
import { type FolderLock, HeldError, takeLock } from '../headless/folder-lock'
import type { OutFolder } from '../headless/out-folder'
import { type Failure, type Outcome, resultOf } from '../headless/studio-error'
import { makeFolder, writeWhole } from '../headless/write-whole'
import type { Stopping } from './stopping'

const POLL_MS = 500

/** Whether the folder of a first round holds it whole. One that was damaged since is trained anew. */
export function isTrained(path: string): boolean {
  const [facts, checkpoint] = [join(path, FIRST_ROUND), join(path, CHECKPOINT)]
  return existsSync(facts) && existsSync(checkpoint) && isWholeJson(facts) && isWholeCheckpoint(checkpoint)
}

function isWholeJson(file: string): boolean {
  try {
    const facts = JSON.parse(readFileSync(file, 'utf8')) as Partial<FirstRoundFacts> | null
    return Array.isArray(facts?.losses)
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/** Whether a file of safetensors is as long as its header says. Its numbers are not read. */
function isWholeCheckpoint(file: string): boolean {
  const opened = openSync(file, 'r')
  try {
    const read = (from: number, count: number) => {
      const bytes = Buffer.alloc(count)
      return bytes.subarray(0, readSync(opened, bytes, 0, count, from))
    }
    const { size } = fstatSync(opened)
    const start = read(0, 8)
    if (start.length < 8) return false
    const length = Number(start.readBigUInt64LE())
    if (8 + length > size) return false
    const entries = Object.values(JSON.parse(read(8, length).toString()) as Record<string, Partial<Entry>>)
    return 8 + length + Math.max(0, ...entries.map(({ data_offsets }) => data_offsets?.[1] ?? 0)) === size
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  } finally {
    closeSync(opened)
  }
}

/** Of a safetensors header. */
interface Entry {
  data_offsets: [number, number]
}

/**
 * Returns once the first round is there (null), or this process has the lock to train it. While another process trains
 * it, it waits. Throws StoppedError.
 */
export async function claim(path: string, stopping: Stopping): Promise<FolderLock | null> {
  makeFolder(path)
  let isTold = false
  for (;;) {
    stopping.check()
    if (isTrained(path)) return null
    try {
      const lock = takeLock(join(path, 'lock.json'))
      if (!isTrained(path)) return lock
      lock.release()
      return null
    } catch (error) {
      if (!(error instanceof HeldError)) throw error
      if (!isTold) console.log(`Waiting for the first round. ${error.message}`)
      isTold = true
    }
    await delay(POLL_MS)
  }
}

export interface TrainRequest {
  page: Page
  /** The line's; it remembers the run that is made for the first round. */
  folder: OutFolder
  projectId: string
  config: CpralConfig
  /** Where the first round goes; its lock is held by this process. */
  path: string
  onProgress(progress: Progress): void
}

/** Trains the first round in the open app, from wherever it was left, and writes its files. */
export async function trainFirstRound({
  page,
  folder,
  projectId,
  config,
  path,
  onProgress,
}: TrainRequest): Promise<void> {
  const runId = await openFirstRun(page, folder, projectId, config)
  await giveFunction(page, 'reportFirstRound', onProgress)
  const outcome = await page.evaluate(trainInPage, runId)
  const { checkpoint, ...facts } = resultOf(outcome)
  writeWhole(join(path, CHECKPOINT), checkpoint)
  writeWhole(join(path, FIRST_ROUND), `${JSON.stringify(facts satisfies FirstRoundFacts, null, 2)}\n`)
}

async function openFirstRun(page: Page, folder: OutFolder, projectId: string, config: CpralConfig): Promise<string> {
  const runs = await page.evaluate((projectId) => studio.data.listRuns({ projectId }), projectId)
  const known = runs.find(({ id }) => id === folder.state.firstRunId)
  if (known) return known.id
  const alone = { ...config, selection: { ...config.selection, rounds: 1 } }
  const firstRunId = await createRun(page, { projectId, config: alone, name: 'First round' }, null)
  folder.save({ firstRunId })
  return firstRunId
}

type Trained = Omit<FirstRound, 'checkpoint'> & { checkpoint: Uint8Array }

/** In the page. */
async function trainInPage(runId: string): Promise<Outcome<Trained>> {
  const report = (globalThis as unknown as { reportFirstRound(progress: Progress): void }).reportFirstRound
  try {
    await studio.compute.run({ runId }, (progress) => report(progress), new AbortController().signal)
    const trained = await studio.data.firstRound({ runId })
    if (!trained) return { failure: { message: 'The run stores no first round.' } }
    return { value: { ...trained, checkpoint: new Uint8Array(trained.checkpoint) } }
  } catch (error) {
    const { message, remedy, code } = error as Failure
    return { failure: { message, remedy, code } }
  }
}
