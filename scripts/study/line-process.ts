/** One line as a process: alone on a machine of a cluster, or a child of the process that runs a whole study. */
import { join } from 'node:path'
import type { Progress } from '../../src/domain/progress'
import type { StudyLine } from '../../src/study/study-line'
import { ensureBuild } from '../browser/ensure-build'
import { ensureBrowser } from '../browser/find-browser'
import { isForPeople } from '../headless/command'
import { checkFree, HeldError } from '../headless/folder-lock'
import { chooseEngine } from '../headless/open-app'
import { comesOfFullDisk, FullDiskError, isFullDisk } from '../headless/write-whole'
import type { StudyOptions } from './options'
import { runLine } from './run-line'
import { listenForStops, StoppedError, TEMPORARY } from './stopping'
import { isDone, nameOf, type StudyFolder, tidy, writeFailure } from './study-folder'

/** Why a line did not come to its end. Only a line that failed is not tried again. */
export type LineEnd = 'failed' | 'held' | 'stopped' | 'full'

/** What a line's process tells the one that started it. */
export type LineMessage = { kind: 'progress'; progress: Progress } | { kind: 'end'; reason: LineEnd; sentence: string }

export interface LineProcess {
  study: StudyFolder
  lines: readonly StudyLine[]
  line: StudyLine
  base: string
  options: StudyOptions
  threads: number
}

function tell(isChild: boolean, message: LineMessage): void {
  // Whoever started it may be gone by now.
  if (isChild && process.connected) process.send?.(message, undefined, undefined, () => {})
}

/** Runs the line and returns the process's exit status: 0 done, 1 failed, 75 or 130 stopped, 75 when another one has it. */
export async function lineProcess({ study, lines, line, base, options, threads }: LineProcess): Promise<number> {
  const { isChild } = options
  if (isDone(study.line(line.hash), line.config.selection.rounds)) {
    console.log(`${nameOf(line)} is done: ${join(study.line(line.hash), 'run.json')}`)
    tidy(study.line(line.hash))
    return 0
  }
  const stopping = listenForStops()
  if (isChild) outliveLog()
  try {
    checkFree(join(study.line(line.hash), 'lock.json'))
    const { executable, version } = ensureBrowser()
    if (!isChild) ensureBuild()
    const chosen = await chooseEngine(executable, options.engine)
    const onProgress = (progress: Progress) => tell(isChild, { kind: 'progress', progress })
    const isShared = lines.filter(({ firstRound }) => firstRound === line.firstRound).length > 1
    const browser = { executable, version, threads, isBuilt: isChild, ...chosen }
    await runLine({ study, line, base, isShared, stopping, onProgress, ...browser })
    console.log(`${nameOf(line)} is done.`)
    return 0
  } catch (error) {
    const { reason, exitCode, sentence } = endOf(error, study.path)
    console.error(reason === 'failed' && !isForPeople(error) ? error : sentence)
    tell(isChild, { kind: 'end', reason, sentence })
    if (reason === 'failed') writeFailure(study.line(line.hash), sentence)
    return exitCode
  }
}

/** On a full disk a child's log, which is its output, ends; the child itself has to say so. */
function outliveLog(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!isFullDisk(error)) throw error
    })
  }
}

function endOf(error: unknown, folder: string): { reason: LineEnd; exitCode: number; sentence: string } {
  const message = error instanceof Error ? error.message : String(error)
  // A mistake of ours has its stack in the log.
  const sentence = isForPeople(error) ? message : message.split('\n')[0]
  if (error instanceof StoppedError) return { reason: 'stopped', exitCode: error.exitCode, sentence }
  if (error instanceof HeldError) return { reason: 'held', exitCode: TEMPORARY, sentence }
  if (comesOfFullDisk(error, folder)) {
    return { reason: 'full', exitCode: 1, sentence: new FullDiskError(folder).message }
  }
  return { reason: 'failed', exitCode: 1, sentence }
}
