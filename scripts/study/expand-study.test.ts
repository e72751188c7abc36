import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { budgetWarning } from '../../src/cpral/budget'
import type { MethodName } from '../../src/domain/config'
import { factsOfData } from '../../src/study/expand'
import { plannedPixels } from '../../src/study/planned-pixels'
import { readManifest } from '../../src/study/study-line'
import { ROOT } from '../browser/ensure-build'
import { UsageError } from '../headless/options'
import { describeStudy, printExpansion, readStudy } from './expand-study'

const STUDIES = join(ROOT, 'studies')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'study-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** A small study with changes, in a file. */
function studyFile(changes: object): string {
  const path = join(folder, 's.json')
  const part = { name: 'fig5', title: 'Curves', figure: 'curves', methods: ['random', 'cpral'] }
  const data = { demo: { images: 12, validationImages: 4, seed: 1 } }
  const recipes = { tiny: { preset: 'tiny' } }
  const study = { name: 'Small', data, seeds: [1], baseline: 'random', recipes, parts: [part], ...changes }
  writeFileSync(path, JSON.stringify(study))
  return path
}

test.each(readdirSync(STUDIES))('studies/%s can be run as it is', async (name) => {
  const { study, lines } = await readStudy(join(STUDIES, name))
  expect(new Set(lines.map(({ hash }) => hash)).size).toBe(lines.length)
  expect(new Set(lines.map(({ label }) => label)).size).toBe(lines.length)
  const { trainImages } = factsOfData(study.data)
  const asked = lines.filter(({ isAllLabels }) => !isAllLabels)
  for (const { config, label } of asked) expect(budgetWarning(config, trainImages), label).toBeNull()
})

test.each([
  // 512 * 1024 pixels an image, five rounds of 200 images: 1000 of 2975.
  ['cityscapes.json', 524288000, 1559756800, '33.6'],
  // 720 * 1280 pixels an image, six rounds of 400 images: 2400 of 7000.
  ['bdd100k.json', 2211840000, 6451200000, '34.3'],
])('studies/%s labels as much as the paper, with two encoders and three seeds', async (name, pixels, pool, percent) => {
  const { study, lines } = await readStudy(join(STUDIES, name))
  const { trainImages } = factsOfData(study.data)
  const { size } = lines[0].config
  expect(trainImages * size.height * size.width).toBe(pool)
  const fig5 = lines.filter(({ parts, isAllLabels }) => parts.includes('fig5') && !isAllLabels)
  for (const { config } of fig5) expect(plannedPixels(config, trainImages).at(-1)).toBe(pixels)
  expect(((100 * pixels) / pool).toFixed(1)).toBe(percent)
  const kinds = new Set(fig5.map(({ config }) => `${config.selection.method} ${config.network.encoder} ${config.seed}`))
  const methods: MethodName[] = ['random', 'entropy', 'confidence', 'margin', 'mc-dropout', 'core-set', 'rating']
  const expected = [...methods, 'vaal', 'ta-vaal', 'cpral'].flatMap((method) =>
    ['mobilenetv2', 'drn-d-22'].flatMap((encoder) => [1, 2, 3].map((seed) => `${method} ${encoder} ${seed}`)),
  )
  expect([...kinds].sort()).toEqual(expected.sort())
  expect(lines.filter(({ isAllLabels }) => isAllLabels)).toHaveLength(6)
})

test('the demo has all that the paper shows: noise of every kind and share, two regional sizes, every part', async () => {
  const { lines } = await readStudy(join(STUDIES, 'demo.json'))
  const of = (part: string) => lines.filter(({ parts, isAllLabels }) => parts.includes(part) && !isAllLabels)
  const noise = new Set(
    of('fig7').map(({ config }) => (config.noise ? `${config.noise.kind} ${config.noise.share}` : 'none')),
  )
  expect(noise.size).toBe(1 + 4 * 3)
  expect(of('fig7')).toHaveLength(13 * 2 * 3)
  expect(of('fig8')).toHaveLength(4 * 2 * 3)
  expect(of('fig6')).toHaveLength(9 * 2 * 3)
  // A first round of each seed and noise, and of each seed's TA-VAAL and all labels.
  expect(new Set(lines.map(({ firstRound }) => firstRound)).size).toBe(13 * 3 + 3 + 3)
})

test('the tiny study has eight lines', async () => {
  expect((await readStudy(join(STUDIES, 'tiny.json'))).lines).toHaveLength(8)
})

test('a study is described by its lines, first rounds and labelled shares', async () => {
  const text = describeStudy(await readStudy(studyFile({ seeds: [1, 2] })))
  expect(text).toContain('Small: 6 lines, with 4 first rounds to train.')
  expect(text).toMatch(/ 6 {2}fig5: Curves/)
  // Four rounds of one image in twelve, of 128 * 256 pixels.
  expect(text).toMatch(/ 2 {3}33\.3 % {7}131072 {2}cpral/)
  expect(text).toMatch(/ 2 {2}100\.0 % {7}393216 {2}all labels/)
})

test('a budget that cannot be spent is said', async () => {
  const recipes = { tiny: { preset: 'tiny', overrides: { selection: { panopticSize: 3, budgetImages: 3 } } } }
  expect(describeStudy(await readStudy(studyFile({ recipes })))).toContain('The budget cannot be spent')
})

test('what the app would refuse is refused before, by the curve', async () => {
  const recipes = { tiny: { preset: 'tiny', overrides: { selection: { initialImages: 13, rounds: 2 } } } }
  const reading = readStudy(studyFile({ recipes }))
  await expect(reading).rejects.toThrow(UsageError)
  await expect(reading).rejects.toThrow(
    /s\.json: random: The initial pool of 13 images does not fit the project's 12 train images\. Choose 1 to 12\./,
  )
})

test('a mistake in the file is a mistake of the command line, as is a file that is not there', async () => {
  await expect(readStudy(studyFile({ seeds: [1, 1] }))).rejects.toThrow(UsageError)
  await expect(readStudy(join(folder, 'none.json'))).rejects.toThrow(/none\.json is not there/)
})

test('the manifest is printed or written, and a changed study says what changed', async () => {
  const said: string[] = []
  vi.spyOn(console, 'error').mockImplementation((text) => said.push(text))
  let printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text
    return true
  })
  const file = studyFile({})
  await printExpansion(file, null)
  expect(readManifest(printed).map(({ label }) => label)).toEqual([
    ...['random, seed 1', 'cpral, seed 1', 'all labels, seed 1'],
  ])
  const out = join(folder, 'out')
  await printExpansion(file, out)
  expect(readFileSync(join(out, 'manifest.jsonl'), 'utf8')).toBe(printed)
  expect(readFileSync(join(out, 'study.json'), 'utf8')).toBe(readFileSync(file, 'utf8'))
  said.length = 0
  vi.spyOn(console, 'log').mockImplementation((text) => said.push(text))
  await printExpansion(studyFile({ seeds: [2] }), out)
  expect(said.join('\n').match(/is new and will be run/g)).toHaveLength(3)
  expect(said.join('\n').match(/its result is kept/g)).toHaveLength(3)
})
