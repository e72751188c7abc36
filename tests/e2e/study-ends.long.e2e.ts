/** How a study's lines end: stopped, held, failed, done, and what each exit status says. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endLeftoverBrowser } from '../../scripts/browser/processes.ts'
import type { RunResult } from '../../src/study/run-result.ts'
import { readManifest, type StudyLine } from '../../src/study/study-line.ts'
import { writeFiles } from './label-table.ts'
import { killGroup, SECONDS_EACH, type StudyCommand, startStudy } from './study-command.ts'
import { mobileNetFile } from './weights-files.ts'

let path: string
const started: StudyCommand[] = []

beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), 'cpral-study-ends-'))
})

afterAll(() => {
  for (const each of started) killGroup(each.process)
  rmSync(path, { recursive: true, force: true })
})

function study(...argv: string[]): StudyCommand {
  const command = startStudy(argv)
  started.push(command)
  return command
}

function writeStudy(name: string, data: object, recipes: Record<string, object>): string {
  const parts = [{ name: 'all', title: 'All', figure: 'time', methods: ['random'] }]
  const file = join(path, name)
  writeFileSync(file, JSON.stringify({ name, data, seeds: [1], baseline: 'random', recipes, parts }))
  return file
}

const linesOf = (out: string): StudyLine[] => readManifest(readFileSync(join(out, 'manifest.jsonl'), 'utf8'))

function runOf(out: string, { hash }: StudyLine): RunResult {
  return JSON.parse(readFileSync(join(out, 'lines', hash, 'run.json'), 'utf8')) as RunResult
}

test('a line alone: 75 when stopped or held, 0 at its end and ever after', async () => {
  const long = { ...SECONDS_EACH, training: { epochs: 400 } }
  const data = { demo: { images: 8, validationImages: 2, seed: 1 } }
  const file = writeStudy('alone.json', data, { tiny: { preset: 'tiny', overrides: long } })
  const out = join(path, 'alone')
  const first = study(file, '--out', out, '--index', '0')
  const state = () => {
    const [line] = existsSync(join(out, 'manifest.jsonl')) ? linesOf(out) : []
    const stored = line && join(out, 'lines', line.hash, 'state.json')
    return stored && existsSync(stored) ? readFileSync(stored, 'utf8') : ''
  }
  await expect.poll(state, { timeout: 120_000 }).toMatch(/"runId": "/)

  const second = study(file, '--out', out, '--index', '0')
  expect(await second.ended).toBe(75)
  expect(second.said()).toMatch(new RegExp(`lock.json is held by process ${first.process.pid} on .* since 20`))

  first.process.kill('SIGTERM')
  expect(await first.ended).toBe(75)
  expect(first.said()).toContain('Stopped. The same command continues')
  const [line] = linesOf(out)
  expect(readdirSync(join(out, 'lines', line.hash))).not.toContain('lock.json')
  const { runId } = JSON.parse(state()) as { runId: string }

  const third = study(file, '--out', out, '--index', '0')
  await expect.poll(() => third.said(), { timeout: 120_000 }).toContain('Continuing at round')
  expect(JSON.parse(state())).toMatchObject({ runId })
  third.process.kill('SIGINT')
  expect(await third.ended, third.said()).toBe(130)

  const fourth = study(file, '--out', out, '--index', '0')
  expect(await fourth.ended, fourth.said()).toBe(0)
  expect(runOf(out, line).rounds).toHaveLength(2)
  expect(readdirSync(join(out, 'lines', line.hash)).sort()).toEqual([
    'curve.csv',
    'pictures.json',
    'report.html',
    'run.json',
  ])

  const fifth = study(file, '--out', out, '--index', '0')
  expect(await fifth.ended).toBe(0)
  expect(fifth.said()).toContain('line 0 (random, seed 1) is done')
  expect(fifth.said()).not.toContain('Browser:')
}, 400_000)

test('a line that was taken over while its process was silent leaves the new owner its browser', async () => {
  const long = { ...SECONDS_EACH, training: { epochs: 400 } }
  const data = { demo: { images: 8, validationImages: 2, seed: 1 } }
  const file = writeStudy('silent.json', data, { tiny: { preset: 'tiny', overrides: long } })
  const out = join(path, 'silent')
  const line = study(file, '--out', out, '--index', '0')
  const folder = () => join(out, 'lines', linesOf(out)[0].hash)
  await expect.poll(() => line.said(), { timeout: 120_000 }).toContain('round 1')

  const owner = { host: hostname(), pid: process.pid, startedAt: Date.now(), token: 'taken over' }
  writeFileSync(join(folder(), 'lock.json'), JSON.stringify(owner))
  // As the new owner does before it opens its own.
  await endLeftoverBrowser(join(folder(), '.profile'))
  expect(await line.ended, line.said()).toBe(75)
  expect(line.said()).toContain(`lock.json is held by process ${process.pid}`)
  expect(line.said().match(/^Engine:/gm)).toHaveLength(1)
  expect(JSON.parse(readFileSync(join(folder(), 'lock.json'), 'utf8'))).toEqual(owner)
}, 300_000)

/** Twelve train and two val images of 64x32 pixels with two classes. */
function drawFolder(folder: string): void {
  const [width, height] = [64, 32]
  const files: Record<string, Uint8Array | string> = { 'classes.txt': 'above\nbelow\n' }
  for (let i = 0; i < 14; i++) {
    const split = i < 12 ? 'train' : 'val'
    const data = Uint8Array.from({ length: width * height }, (_, at) => (at / width < 8 + i ? 0 : 1))
    const rgb = Uint8Array.from(
      { length: 3 * width * height },
      (_, at) => 200 * data[Math.floor(at / 3)] + ((at * 7) % 40),
    )
    files[`images/${split}/${i}.png`] = encode({ width, height, data: rgb, channels: 3, depth: 8 })
    files[`labels/${split}/${i}.png`] = encode({ width, height, data, channels: 1, depth: 8 })
  }
  writeFiles(folder, files)
}

test('a line that fails stops no other, is named at the end, and runs again on request', async () => {
  const drawn = mkdtempSync(join(path, 'images-'))
  drawFolder(drawn)
  // A link, as to another disk.
  const folder = join(path, 'images')
  symlinkSync(drawn, folder)
  const weights = join(path, 'net.safetensors')
  writeFileSync(weights, 'no weights at all')
  const recipes = {
    bad: { preset: 'tiny', weights: 'net.safetensors', overrides: SECONDS_EACH },
    good: { preset: 'tiny', overrides: SECONDS_EACH },
  }
  const data = (train: number) => ({
    folder,
    format: 'generic',
    images: { train, val: 2 },
    imageSize: { height: 32, width: 64 },
  })
  const out = join(path, 'fails')
  const file = writeStudy('fails.json', data(12), recipes)
  const first = study(file, '--out', out)
  expect(await first.ended, first.said()).toBe(1)
  const [bad, good] = linesOf(out)
  expect(runOf(out, good).rounds).toHaveLength(2)
  const failure = JSON.parse(readFileSync(join(out, 'lines', bad.hash, 'failure.json'), 'utf8')) as { sentence: string }
  expect(failure.sentence).toContain('net.safetensors')
  expect(first.said()).toContain(
    `1 lines failed; --retry runs them again:\n  line 0 (${bad.label}): ${failure.sentence}`,
  )
  expect(readFileSync(join(out, 'report', 'results.csv'), 'utf8').match(new RegExp(good.hash, 'g'))).toHaveLength(2)

  const again = study(file, '--out', out)
  expect(await again.ended).toBe(1)
  expect(again.said()).toContain('1 done, 1 failed before, 0 to run')

  writeFileSync(weights, mobileNetFile(0.25))
  const retried = study(file, '--out', out, '--retry')
  expect(await retried.ended, retried.said()).toBe(0)
  expect(runOf(out, bad).initialWeights?.name).toBe('net.safetensors')
  expect(existsSync(join(out, 'lines', bad.hash, 'failure.json'))).toBe(false)

  const other = writeStudy('counts.json', data(11), { good: recipes.good })
  const counted = study(other, '--out', join(path, 'counts'), '--index', '0')
  expect(await counted.ended).toBe(1)
  expect(counted.said()).toContain(`${folder} has 12 train and 2 val images with masks; the study says 11 and 2.`)
}, 400_000)
