import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { UsageError } from '../headless/options'
import { checkPlaces, loadStudy, reloadStudy } from './load-study'
import { lineAt, manifestOf, studyFolder } from './study-folder'
import { writeStudy } from './write-study'

let path: string
let file: string

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'load-study-'))
  file = join(path, 'study.json')
})

afterEach(() => {
  vi.restoreAllMocks()
  rmSync(path, { recursive: true })
})

const STUDY = {
  name: 'Small',
  data: { demo: { images: 8, validationImages: 2, seed: 1 } } as object,
  seeds: [1, 2],
  baseline: 'random',
  recipes: { tiny: { preset: 'tiny' } } as Record<string, object>,
  parts: [{ name: 'all', title: 'All', figure: 'time', methods: ['random', 'cpral'] }],
}

function write(changes: Partial<typeof STUDY> = {}): void {
  writeFileSync(file, JSON.stringify({ ...STUDY, ...changes }))
}

test('a file that is not there, and an unknown method, are named', async () => {
  await expect(loadStudy(file)).rejects.toThrow(`${file} is not there`)
  write({ parts: [{ ...STUDY.parts[0], methods: ['random', 'cprl'] }] })
  await expect(loadStudy(file)).rejects.toThrow(/parts\[0\].methods\[1\].*cprl/)
  await expect(loadStudy(file)).rejects.toThrow(UsageError)
})

test("all data and weights that are missing are named, each once, and found from the study's folder", async () => {
  const data = {
    folder: 'images',
    format: 'generic',
    images: { train: 8, val: 2 },
    imageSize: { height: 64, width: 64 },
  }
  write({
    data,
    recipes: { tiny: { preset: 'tiny', weights: 'net.pth' }, web: { preset: 'tiny', weights: 'https://a.b/n.pth' } },
  })
  const loaded = await loadStudy(file)
  const missing = [
    `The data folder ${join(path, 'images')} is not there. Correct "folder" in the study's file, or put the data there.`,
    `The weights ${join(path, 'net.pth')} are not there. Correct "weights" in the study's file, or put the file there.`,
  ]
  expect(() => checkPlaces(loaded)).toThrow(new UsageError(missing.join('\n')))
  writeFileSync(join(path, 'images'), 'a file in its place')
  expect(() => checkPlaces(loaded)).toThrow(missing[0])
  rmSync(join(path, 'images'))
  mkdirSync(join(path, 'images'))
  writeFileSync(join(path, 'net.pth'), '')
  checkPlaces(loaded)
})

test('a study that was changed says which lines are new and gone, and keeps results', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const study = studyFolder(join(path, 'out'))
  write()
  const before = await loadStudy(file)
  writeStudy(study, before)
  expect(log).not.toHaveBeenCalled()
  expect(manifestOf(study)).toEqual(before.lines)
  expect(readFileSync(study.file, 'utf8')).toBe(readFileSync(file, 'utf8'))
  for (const { hash } of before.lines) mkdirSync(study.line(hash), { recursive: true })
  writeStudy(study, await loadStudy(file))
  expect(log).not.toHaveBeenCalled()

  write({ parts: [{ ...STUDY.parts[0], methods: ['random', 'entropy'] }] })
  const after = await loadStudy(file)
  writeStudy(study, after)
  const said = log.mock.calls.flat().join('\n')
  expect(said).toMatch(/entropy, seed 1 .* is new/)
  expect(said).toMatch(/cpral, seed 2 .* is no line of the study any more; its result is kept/)
  expect(said).not.toMatch(/random, seed/)
  expect(manifestOf(study)).toEqual(after.lines)
  for (const { hash } of before.lines) expect(existsSync(study.line(hash))).toBe(true)
  expect(reloadStudy(study, file)).toEqual({ text: '', lines: after.lines, base: path })
})

test('a manifest that was damaged is written anew', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const study = studyFolder(join(path, 'out'))
  write()
  const loaded = await loadStudy(file)
  writeStudy(study, loaded)
  const whole = readFileSync(study.manifest, 'utf8')
  writeFileSync(study.manifest, whole.slice(0, whole.length - 40))
  writeStudy(study, loaded)
  expect(readFileSync(study.manifest, 'utf8')).toBe(whole)
  expect(log.mock.calls).toEqual([[`${study.manifest} was damaged, and is written anew. No result is lost.`]])
  await expect(loadStudy(path)).rejects.toThrow(`${path} is no file`)
})

test('a line is named by its place or its hash', async () => {
  write()
  const { lines } = await loadStudy(file)
  expect(lineAt(lines, { index: 3 })).toBe(lines[3])
  expect(lineAt(lines, { hash: lines[1].hash })).toBe(lines[1])
  expect(() => lineAt(lines, { index: 4 })).toThrow('--index is 4; the study has lines 0 to 3.')
  expect(() => lineAt(lines, { hash: 'ab' })).toThrow('No line of the study has the hash ab.')
})
