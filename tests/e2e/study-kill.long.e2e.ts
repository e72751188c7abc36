/** A study whose processes are killed at random moments ends as an undisturbed one: to the byte, but for times. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserOf } from '../../scripts/browser/processes.ts'
import { readLock } from '../../scripts/headless/folder-lock.ts'
import { mergedOutcome } from '../../scripts/study/study-report.ts'
import { randomStream } from '../../src/math/random.ts'
import { curvesCsv, resultsCsv, resultsJson } from '../../src/study/results.ts'
import { killGroup, SECONDS_EACH, type StudyCommand, startStudy } from './study-command.ts'

const KILLS = 20

/** Two seeds of three methods, seconds each. */
const STUDY = {
  name: 'Killed',
  data: { demo: { images: 10, validationImages: 3, seed: 1 } },
  seeds: [1, 2],
  baseline: 'random',
  recipes: {
    tiny: { preset: 'tiny', overrides: SECONDS_EACH },
  },
  parts: [{ name: 'all', title: 'All', figure: 'time', methods: ['random', 'cpral', 'random-regions'] }],
}

let path: string
let file: string
const started: StudyCommand[] = []

beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), 'cpral-study-kill-'))
  file = join(path, 'study.json')
  writeFileSync(file, JSON.stringify(STUDY))
})

afterAll(() => {
  for (const each of started) killGroup(each.process)
  rmSync(path, { recursive: true, force: true })
})

function start(out: string): StudyCommand {
  const study = startStudy([file, '--out', out, '--jobs', '2'])
  started.push(study)
  return study
}

async function toTheEnd(out: string): Promise<void> {
  const study = start(out)
  expect(await study.ended, study.said()).toBe(0)
}

const foldersIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [])

/** Ends one process of a line that is being worked on: its own, or its browser's. */
function killOne(out: string, kind: 'line' | 'browser'): void {
  for (const line of foldersIn(join(out, 'lines'))) {
    const lock = readLock(join(line, 'lock.json'))
    if (!lock?.owner || lock.isStale) continue
    const pid = kind === 'line' ? lock.owner.pid : browserOf(join(line, '.profile'))
    if (pid !== null) return void process.kill(pid, 'SIGKILL')
  }
}

/** Every file of the lines that a result depends on, without what differs between any two runs. */
function resultsOf(out: string): Record<string, string> {
  const results: Record<string, string> = {}
  for (const line of foldersIn(join(out, 'lines'))) {
    const run = JSON.parse(readFileSync(join(line, 'run.json'), 'utf8')) as { rounds: { seconds?: unknown }[] }
    for (const round of run.rounds) delete round.seconds
    results[`${line.slice(out.length)}/run.json`] = JSON.stringify(run)
    results[`${line.slice(out.length)}/pictures.json`] = readFileSync(join(line, 'pictures.json'), 'utf8')
  }
  const outcome = mergedOutcome([out])
  results['results.csv'] = resultsCsv(outcome, 'repeatable')
  results['results.json'] = resultsJson(outcome, 'repeatable')
  results['curves.csv'] = curvesCsv(outcome, 'repeatable')
  return results
}

/** What a line or a first round keeps when it is done. */
function namesIn(out: string): string[] {
  const folders = ['lines', 'first-rounds'].flatMap((name) => foldersIn(join(out, name)))
  return [...new Set(folders.flatMap((folder) => readdirSync(folder)))].sort()
}

/** Command lines of living processes that name the test's folder: leftovers, once every study has ended. */
function leftovers(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        return [readFileSync(join('/proc', pid, 'cmdline'), 'utf8').replaceAll('\0', ' ')]
      } catch {
        // It has ended meanwhile.
        return []
      }
    })
    .filter((command) => command.includes(path))
}

test(`killed ${KILLS} times it ends as if nothing had happened`, async () => {
  const undisturbed = join(path, 'undisturbed')
  const begin = performance.now()
  await toTheEnd(undisturbed)
  const whole = performance.now() - begin
  const expected = resultsOf(undisturbed)
  expect(Object.keys(expected)).toHaveLength(2 * 6 + 3)

  const random = randomStream(11, 'kills')
  const disturbed = [join(path, 'killed-0')]
  for (let kills = 0; kills < KILLS; ) {
    const out = disturbed.at(-1) as string
    const { process: study, said, ended } = start(out)
    const hasEnded = ended.then(() => true)
    if (await Promise.race([hasEnded, delay((random.next() * whole) / 2, false)])) {
      // It came to its end in spite of all: another one follows.
      expect(await ended, said()).toBe(0)
      disturbed.push(join(path, `killed-${disturbed.length}`))
      continue
    }
    const kind = (['group', 'group', 'parent', 'line', 'browser'] as const)[random.below(5)]
    if (kind === 'parent') study.kill('SIGKILL')
    else {
      if (kind !== 'group') {
        killOne(out, kind)
        await delay(random.next() * 3000)
      }
      killGroup(study)
    }
    await hasEnded
    kills++
  }
  await toTheEnd(disturbed.at(-1) as string)
  console.log(`${KILLS} kills in ${disturbed.length} studies; an undisturbed one took ${Math.round(whole / 1000)} s.`)

  for (const out of disturbed) {
    const found = resultsOf(out)
    expect(Object.keys(found)).toEqual(Object.keys(expected))
    for (const [name, text] of Object.entries(found)) expect(text, `${name} of ${out}`).toBe(expected[name])
    expect(namesIn(out)).toEqual(namesIn(undisturbed))
  }
  await expect.poll(leftovers).toEqual([])
}, 900_000)
