/** The folder of a study: its file and manifest, and how far each line has come. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { RunResult } from '../../src/study/run-result'
import { readManifest, type StudyLine } from '../../src/study/study-line'
import { isHeld } from '../headless/folder-lock'
import { UsageError } from '../headless/options'
import type { OutState } from '../headless/out-folder'
import { writeWhole } from '../headless/write-whole'

/** Why a line failed. `at`: milliseconds since 1970. */
export interface LineFailure {
  sentence: string
  at: number
}

/** Where each thing of a study lies. Paths are absolute. */
export interface StudyFolder {
  path: string
  file: string
  manifest: string
  report: string
  line(hash: string): string
  firstRound(key: string): string
}

export function studyFolder(out: string): StudyFolder {
  const path = resolve(out)
  return {
    path,
    file: join(path, 'study.json'),
    manifest: join(path, 'manifest.jsonl'),
    report: join(path, 'report'),
    line: (hash) => join(path, 'lines', hash),
    firstRound: (key) => join(path, 'first-rounds', key),
  }
}

/** A JSON file of ours, or null when it is not there. @throws UsageError naming a file that is no JSON */
export function readJson<Value>(file: string): Value | null {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Value
  } catch (cause) {
    throw new UsageError(
      `${file} cannot be read (${(cause as Error).message}). Delete it, and give the same command again.`,
    )
  }
}

/** The lines that the folder holds; none when it is new. @throws UsageError when its manifest is no manifest */
export function manifestOf({ manifest }: StudyFolder): StudyLine[] {
  if (!existsSync(manifest)) return []
  try {
    return readManifest(readFileSync(manifest, 'utf8'))
  } catch (cause) {
    throw new UsageError(
      `${manifest} cannot be read (${(cause as Error).message}). Give the study's file again, with --expand: it is written anew, and no result is lost.`,
      { cause },
    )
  }
}

export type LineState = 'done' | 'failed' | 'held' | 'begun' | 'open'

/** A JSON file of a line, or null when it is not there or damaged. A line without it is run again. */
export function intactJson<Value>(file: string): Value | null {
  try {
    return readJson<Value>(file)
  } catch (error) {
    if (error instanceof UsageError) return null
    throw error
  }
}

/** A sentence for each file of a line that is damaged. */
export function damageOf(line: string): string[] {
  const [run, pictures] = [join(line, 'run.json'), join(line, 'pictures.json')]
  const damaged = [
    ...(existsSync(run) && intactJson(run) === null ? [run] : []),
    ...(existsSync(pictures) && !hasPictures(line) ? [pictures] : []),
  ]
  return damaged.map((file) => `${file} is damaged: the line is run again.`)
}

/** Whether a line's pictures are there, and not cut off. They are large, and asked for often: their end is looked at. */
function hasPictures(line: string): boolean {
  const file = join(line, 'pictures.json')
  if (!existsSync(file)) return false
  const opened = openSync(file, 'r')
  try {
    const end = Buffer.alloc(8)
    const count = readSync(opened, end, 0, end.length, Math.max(0, fstatSync(opened).size - end.length))
    return end.toString('latin1', 0, count).trimEnd().endsWith('}')
  } finally {
    closeSync(opened)
  }
}

/** Rounds that a line has completed, as its files say. */
export function completedRounds(line: string): RunResult['rounds'] {
  return intactJson<Partial<RunResult>>(join(line, 'run.json'))?.rounds ?? []
}

/** Whether a line's files are all there. `line` is its folder, `rounds` those of its config. */
export function isDone(line: string, rounds: number): boolean {
  return hasPictures(line) && completedRounds(line).length === rounds
}

export function failureOf(line: string): LineFailure | null {
  const file = join(line, 'failure.json')
  if (!existsSync(file)) return null
  const failure = intactJson<Partial<LineFailure>>(file)
  return { sentence: failure?.sentence ?? `It failed, and ${file} does not say why.`, at: failure?.at ?? 0 }
}

export function writeFailure(line: string, sentence: string): void {
  const failure: LineFailure = { sentence, at: Date.now() }
  writeWhole(join(line, 'failure.json'), `${JSON.stringify(failure, null, 2)}\n`)
}

export function stateOf(folder: StudyFolder, { hash, config }: StudyLine): LineState {
  const line = folder.line(hash)
  if (isDone(line, config.selection.rounds)) return 'done'
  if (isHeld(join(line, 'lock.json'))) return 'held'
  if (failureOf(line)) return 'failed'
  return existsSync(join(line, 'state.json')) ? 'begun' : 'open'
}

/**
 * Deletes a line's state where it is damaged, with the browser's storage, in which nothing can be found without it. The
 * line begins anew. To be called under its lock. Returns whether it was damaged.
 */
export function dropDamagedState(line: string): boolean {
  const file = join(line, 'state.json')
  if (!existsSync(file) || intactJson<Partial<OutState>>(file)?.options) return false
  for (const name of ['state.json', '.profile']) rmSync(join(line, name), { recursive: true, force: true })
  return true
}

/** Deletes what only a folder needs that somebody works in: of a line that is done, or a first round that is trained. */
export function tidy(line: string): void {
  if (isHeld(join(line, 'lock.json'))) return
  // What a process was writing when it was killed; a lock may just be taken.
  const isHalf = (name: string) => name.endsWith('.new') && !name.startsWith('lock.json')
  const halves = existsSync(line) ? readdirSync(line).filter(isHalf) : []
  for (const name of ['lock.json', '.profile', 'state.json', 'failure.json', ...halves])
    rmSync(join(line, name), { recursive: true, force: true })
}

/** For people: where in the manifest, and what. */
export function nameOf({ index, label }: StudyLine): string {
  return `line ${index} (${label})`
}

export function lineAt(lines: readonly StudyLine[], wanted: { index: number } | { hash: string }): StudyLine {
  const found =
    'index' in wanted
      ? lines.find(({ index }) => index === wanted.index)
      : lines.find(({ hash }) => hash === wanted.hash)
  if (found) return found
  if ('hash' in wanted) throw new UsageError(`No line of the study has the hash ${wanted.hash}.`)
  throw new UsageError(`--index is ${wanted.index}; the study has lines 0 to ${lines.length - 1}.`)
}
