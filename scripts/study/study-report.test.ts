import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { StudyLine } from '../../src/study/study-line'
import { loadStudy } from './load-study'
import { dropDamagedState, failureOf, isDone, stateOf, studyFolder, tidy, writeFailure } from './study-folder'
import { gaps, mergedOutcome } from './study-report'
import { writeStudy } from './write-study'

let path: string
let lines: StudyLine[]

const STUDY = {
  name: 'Small',
  data: { demo: { images: 8, validationImages: 2, seed: 1 } },
  seeds: [1, 2, 3, 4],
  baseline: 'random',
  recipes: { tiny: { preset: 'tiny', overrides: { selection: { rounds: 2 } } } },
  parts: [{ name: 'all', title: 'All', figure: 'time', methods: ['random'] }],
}

const machine = (name: string) => studyFolder(join(path, name))

beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'study-report-'))
  writeFileSync(join(path, 'study.json'), JSON.stringify(STUDY))
  const loaded = await loadStudy(join(path, 'study.json'))
  lines = loaded.lines
  writeStudy(machine('a'), loaded)
})

afterEach(() => {
  vi.restoreAllMocks()
  rmSync(path, { recursive: true })
})

/** A line's files after `rounds` of its two rounds. */
function leave(name: string, index: number, rounds: number, tag = name): void {
  const folder = machine(name).line(lines[index].hash)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ name: tag, rounds: Array(rounds).fill({}) }))
  if (rounds === 2) writeFileSync(join(folder, 'pictures.json'), JSON.stringify({ images: [] }))
}

test('the results of several machines come together, the most complete of each line', () => {
  leave('a', 0, 2)
  leave('b', 0, 1)
  leave('a', 1, 1)
  leave('b', 1, 2)
  leave('b', 2, 1)
  mkdirSync(machine('b').line(lines[3].hash), { recursive: true })
  writeFailure(machine('b').line(lines[3].hash), 'The weights are gone.')
  const outcome = mergedOutcome([machine('a').path, machine('b').path])
  expect(outcome).toMatchObject({ name: 'Small', baseline: 'random' })
  expect(outcome.parts).toEqual([{ name: 'all', title: 'All', figure: 'time' }])
  expect(outcome.lines.map(({ line, run }) => [line.index, run?.name])).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'b'],
    [3, undefined],
  ])
  expect(gaps(outcome)).toEqual([
    'line 2 (random, seed 3) is missing: 1 of 2 rounds are done.',
    'line 3 (random, seed 4) failed: The weights are gone.',
  ])
})

test('a folder that holds no study, or no lines, is named', () => {
  mkdirSync(join(path, 'empty'))
  expect(() => mergedOutcome([join(path, 'empty')])).toThrow(`${join(path, 'empty')} holds no study`)
  expect(() => mergedOutcome([machine('a').path, join(path, 'empty')])).toThrow(`${join(path, 'empty')} holds no lines`)
})

test('lines of another study are left out, and counted', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  writeFileSync(join(path, 'other.json'), JSON.stringify({ ...STUDY, seeds: [1, 9] }))
  writeStudy(machine('b'), await loadStudy(join(path, 'other.json')))
  leave('b', 0, 2)
  const { lines: merged } = mergedOutcome([machine('a').path, machine('b').path])
  expect(merged.map(({ run }) => run?.name)).toEqual(['b', undefined, undefined, undefined])
  expect(log.mock.calls.flat().join()).toContain('1 lines of')
})

test('how far a line is', () => {
  const study = machine('a')
  const [line] = lines
  const folder = study.line(line.hash)
  expect(stateOf(study, line)).toBe('open')
  leave('a', 0, 1)
  writeFileSync(join(folder, 'state.json'), '{}')
  expect(stateOf(study, line)).toBe('begun')
  writeFailure(folder, 'It failed.')
  expect(stateOf(study, line)).toBe('failed')
  const owner = { host: hostname(), pid: process.pid, startedAt: 0, token: 't' }
  writeFileSync(join(folder, 'lock.json'), JSON.stringify(owner))
  expect(stateOf(study, line)).toBe('held')
  leave('a', 0, 2)
  expect(stateOf(study, line)).toBe('done')
  // Its pictures come last.
  rmSync(join(folder, 'pictures.json'))
  expect(isDone(folder, 2)).toBe(false)
  mkdirSync(join(folder, '.profile', 'Default'), { recursive: true })
  rmSync(join(folder, 'lock.json'))
  tidy(folder)
  expect(stateOf(study, line)).toBe('open')
})

test('a damaged result is named and run again; the report shows the others', () => {
  for (const [index, name] of ['run.json', 'pictures.json'].entries()) {
    const folder = machine('a').line(lines[index].hash)
    for (const content of ['', '{"rounds":', '{"images":[{"name":"a"']) {
      leave('a', index, 2)
      expect(isDone(folder, 2)).toBe(true)
      writeFileSync(join(folder, name), content)
      expect(isDone(folder, 2), `${name} ${content}`).toBe(false)
      expect(stateOf(machine('a'), lines[index])).not.toBe('done')
    }
  }
  leave('a', 2, 2)
  const outcome = mergedOutcome([machine('a').path])
  expect(outcome.lines.map(({ run }) => run?.rounds.length)).toEqual([undefined, 2, 2, undefined])
  expect(gaps(outcome)[0]).toMatch(/line 0 .* failed: .*run\.json is damaged: the line is run again\./)
})

test('a line whose state was cut off begins anew', () => {
  const folder = machine('a').line(lines[0].hash)
  const state = join(folder, 'state.json')
  mkdirSync(join(folder, '.profile'), { recursive: true })
  writeFileSync(state, JSON.stringify({ options: { line: lines[0].hash }, projectId: null, runId: null }))
  expect(dropDamagedState(folder)).toBe(false)
  for (const content of ['', '{"opt', 'null', '{}']) {
    mkdirSync(join(folder, '.profile'), { recursive: true })
    writeFileSync(state, content)
    expect(dropDamagedState(folder), content).toBe(true)
    expect(readdirSync(folder)).toEqual([])
  }
  expect(dropDamagedState(folder)).toBe(false)
})

test('a failure that cannot be read is one all the same', () => {
  const folder = machine('a').line(lines[0].hash)
  mkdirSync(folder, { recursive: true })
  for (const content of ['', 'garbage', '5', 'null', '{}']) {
    writeFileSync(join(folder, 'failure.json'), content)
    expect(stateOf(machine('a'), lines[0])).toBe('failed')
    expect(failureOf(folder)?.sentence).toBe(`It failed, and ${join(folder, 'failure.json')} does not say why.`)
  }
})

test('a study of which a part is gone or damaged is named with what to do', () => {
  const { path: folder, manifest, file } = machine('a')
  const remedy = "Give the study's file again, with --expand"
  const whole = readFileSync(manifest, 'utf8')
  writeFileSync(manifest, whole.slice(0, -10))
  expect(() => mergedOutcome([folder])).toThrow(`${manifest} cannot be read`)
  expect(() => mergedOutcome([folder])).toThrow(remedy)
  writeFileSync(manifest, whole)
  writeFileSync(file, '{"name":')
  expect(() => mergedOutcome([folder])).toThrow(remedy)
  rmSync(file)
  expect(() => mergedOutcome([folder])).toThrow(`${file} is not there. ${remedy}`)
})

test('what a killed process had half written goes when its line is done', () => {
  leave('a', 0, 2)
  const folder = machine('a').line(lines[0].hash)
  writeFileSync(join(folder, 'run.json.1234.new'), '{"rou')
  // Another process is about to look whether there is anything to do.
  writeFileSync(join(folder, 'lock.json.5678.new'), '{}')
  tidy(folder)
  expect(readdirSync(folder).sort()).toEqual(['lock.json.5678.new', 'pictures.json', 'run.json'])
})
