import { expect, test } from 'vitest'
import { defaultConfig, factsOf } from '../cpral/presets'
import { expandStudy } from './expand'
import { parseStudy, type StudyFile } from './study-file'
import type { StudyLine } from './study-line'

const DEMO = { demo: { images: 20, validationImages: 4, seed: 1 } }
const CAMVID = { folder: 'camvid', format: 'camvid', images: { train: 367, val: 101 } }

function study(changes: object): StudyFile {
  const part = { name: 'fig5', title: 'Curves', figure: 'curves', methods: ['random', 'cpral'] }
  const whole = { name: 'S', data: DEMO, seeds: [1, 2], baseline: 'random', recipes: { tiny: { preset: 'tiny' } } }
  return parseStudy(JSON.stringify({ ...whole, parts: [part], ...changes }), 's.json')
}

const labels = (lines: StudyLine[]) => lines.map(({ label }) => label)

test('seeds come one after the other, methods in their order, all labels last', async () => {
  const lines = await expandStudy(study({}))
  expect(labels(lines)).toEqual([
    ...['random, seed 1', 'random, seed 2', 'cpral, seed 1', 'cpral, seed 2'],
    ...['all labels, seed 1', 'all labels, seed 2'],
  ])
  expect(lines.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
  expect(lines[0].firstRound).toBe(lines[2].firstRound)
  expect(new Set(lines.map(({ firstRound }) => firstRound)).size).toBe(4)
  const all = lines.filter(({ isAllLabels }) => isAllLabels)
  expect(all.map(({ config }) => [config.selection.initialImages, config.selection.rounds])).toEqual([
    [20, 1],
    [20, 1],
  ])
})

test('what several parts ask for is one line, and lines that look the same differ', async () => {
  const lines = await expandStudy(
    study({
      parts: [
        { name: 'fig5', title: 'Curves', figure: 'curves', methods: ['random', 'cpral'] },
        { name: 'fig8', title: 'Ablation', figure: 'ablation', methods: ['rating', 'cpral'], regionSides: [32, 16] },
        { name: 'time', title: 'Time', figure: 'time', methods: ['cpral', 'region-only'], seeds: [2] },
      ],
    }),
  )
  // Regions of 32 are the demo's own; whole images have no regions.
  expect(labels(lines.filter(({ parts }) => parts.includes('fig8')))).toEqual([
    ...['cpral, seed 1', 'cpral, seed 2', 'all labels, seed 1', 'all labels, seed 2'],
    ...['rating, seed 1', 'rating, seed 2', 'cpral, regions of 16, seed 1', 'cpral, regions of 16, seed 2'],
  ])
  expect(lines.find(({ label }) => label === 'cpral, seed 2')?.parts).toEqual(['fig5', 'fig8', 'time'])
  expect(labels(lines.filter(({ parts }) => parts.join() === 'time'))).toEqual(['region-only, seed 2'])
  expect(new Set(labels(lines)).size).toBe(lines.length)
  expect(new Set(lines.map(({ hash }) => hash)).size).toBe(lines.length)
})

test('variations are in the config, and only there', async () => {
  const noise = [null, { kind: 'mixed', share: 0.2 }, { kind: 'missing', share: 0.4, unit: 'segment' }]
  const part = { name: 'x', title: 'X', figure: 'time', methods: ['cpral'], noise, budgets: [2, 1], panopticSizes: [6] }
  const lines = await expandStudy(study({ seeds: [5], parts: [part], baseline: 'cpral' }))
  expect(labels(lines)).toEqual([
    'cpral, subset 6, seed 5',
    'cpral, budget 1, subset 6, seed 5',
    'cpral, mixed noise 20 % by pixel, subset 6, seed 5',
    'cpral, mixed noise 20 % by pixel, budget 1, subset 6, seed 5',
    'cpral, missing noise 40 % by segment, subset 6, seed 5',
    'cpral, missing noise 40 % by segment, budget 1, subset 6, seed 5',
  ])
  const facts = { format: 'generic', source: 'demo', trainImages: 20, imageSize: { height: 128, width: 256 } } as const
  expect(lines[3].config).toEqual(
    defaultConfig(facts, 'tiny', {
      seed: 5,
      noise: { kind: 'mixed', share: 0.2, unit: 'pixel' },
      selection: { method: 'cpral', budgetImages: 1, panopticSize: 6 },
    }),
  )
})

test('names, titles, figures and the order of seeds are no part of a hash', async () => {
  const hashes = async (changes: object) => (await expandStudy(study(changes))).map(({ hash }) => hash).sort()
  const usual = await hashes({})
  const part = { name: 'other', title: 'Other', figure: 'pictures', methods: ['cpral', 'random'] }
  expect(await hashes({ name: 'T', seeds: [2, 1], parts: [part] })).toEqual(usual)
  expect(await hashes({ recipes: { small: { preset: 'tiny' } } })).toEqual(usual)
  const shared = (other: string[]) => other.filter((hash) => usual.includes(hash)).length
  expect(shared(await hashes({ data: { demo: { ...DEMO.demo, seed: 2 } } }))).toBe(0)
  expect(shared(await hashes({ recipes: { tiny: { preset: 'tiny', weights: 'net.pth' } } }))).toBe(0)
  expect(
    shared(await hashes({ recipes: { tiny: { preset: 'tiny', overrides: { monteCarlo: { passes: 9 } } } } })),
  ).toBe(0)
})

test('two recipes are told apart by name', async () => {
  const recipes = {
    mobile: { preset: 'paper', weights: 'a.pth' },
    drn: { preset: 'paper', weights: 'b.pth', overrides: { network: { encoder: 'drn-d-22' } } },
  }
  const lines = await expandStudy(study({ seeds: [1], data: CAMVID, recipes }))
  expect(labels(lines)).toEqual([
    ...['random, mobile, seed 1', 'cpral, mobile, seed 1', 'random, drn, seed 1', 'cpral, drn, seed 1'],
    ...['all labels, mobile, seed 1', 'all labels, drn, seed 1'],
  ])
  expect(lines.map(({ config, weights }) => [config.network.encoder, config.training.batchSize, weights])).toEqual([
    ...[0, 1].map(() => ['mobilenetv2', 4, 'a.pth']),
    ...[0, 1].map(() => ['drn-d-22', 2, 'b.pth']),
    ...[
      ['mobilenetv2', 4, 'a.pth'],
      ['drn-d-22', 2, 'b.pth'],
    ],
  ])
})

test('a line has the config that the page would begin with', async () => {
  const project = { format: 'camvid', source: 'folder', counts: { train: 367, val: 101 } } as const
  const recipes = { light: { preset: 'light' } }
  const [line] = await expandStudy(
    study({
      seeds: [1],
      data: CAMVID,
      recipes,
      baseline: 'cpral',
      parts: [{ name: 'fig5', title: 'Curves', figure: 'curves', methods: ['cpral'] }],
    }),
  )
  expect(line.config).toEqual(defaultConfig(factsOf(project, { height: 360, width: 480 }), 'light'))
  expect(line.config.size).toEqual({ height: 360, width: 480 })
  expect(line.config.selection).toMatchObject({
    initialImages: 25,
    panopticSize: 50,
    budgetImages: 25,
    rounds: 5,
    regionSide: 64,
  })
})

test('settings that a method does not look at make no second line of it', async () => {
  const selection = { balance: 3, ratingPrior: 1, classQuota: 0.5, regionsPerImage: 2 }
  const methods = ['balanced-entropy', 'balanced-margin', 'stratified-entropy', 'region-only']
  const part = { name: 'table', title: 'Table', figure: 'time', methods, seeds: [1] }
  const recipes = { tiny: { preset: 'tiny', overrides: { selection } } }
  const lines = await expandStudy(study({ baseline: 'region-only', recipes, parts: [part] }))
  const settings = lines.map(({ config }) => {
    const { balance, ratingPrior, classQuota, regionsPerImage } = config.selection
    return [balance, ratingPrior, classQuota, regionsPerImage]
  })
  expect(settings).toEqual([
    [3, 1, undefined, 2],
    [3, undefined, undefined, 2],
    [undefined, undefined, 0.5, 2],
    [undefined, undefined, undefined, undefined],
  ])
})

test('methods without attention have the usual window, whatever the recipe says', async () => {
  const recipes = { tiny: { preset: 'tiny', overrides: { selection: { attentionSigma: 0.5 } } } }
  const methods = ['cpral', 'cpral-without-attention', 'random-regions', 'random']
  const part = { name: 'table', title: 'Table', figure: 'time', methods, seeds: [1] }
  const lines = await expandStudy(study({ baseline: 'cpral', recipes, parts: [part] }))
  expect(lines.map(({ config }) => config.selection.attentionSigma)).toEqual([0.5, 2, 2, 2])
})

test('whole images are labelled alike however labels spread', async () => {
  const recipes = { tiny: { preset: 'tiny', overrides: { extension: { spreads: true } } } }
  const part = { name: 'table', title: 'Table', figure: 'time', methods: ['cpral', 'random'], seeds: [1] }
  const lines = await expandStudy(study({ baseline: 'cpral', recipes, parts: [part] }))
  expect(lines.map(({ config }) => config.extension.spreads)).toEqual([true, undefined])
})

test('all labels are trained in one round for as many steps as the other runs take in all of theirs', async () => {
  const stepsOf = async (training: object) => {
    const recipe = { preset: 'tiny', overrides: { training, selection: { rounds: 4 } } }
    const lines = await expandStudy(study({ recipes: { tiny: recipe } }))
    return lines.filter(({ isAllLabels }) => isAllLabels).map(({ config }) => config.training.steps)
  }
  expect(await stepsOf({ steps: 60 })).toEqual([60, 60])
  expect(await stepsOf({ steps: 60, warmStart: true })).toEqual([240, 240])
  expect(await stepsOf({ steps: 60, warmStart: true, warmSteps: 20 })).toEqual([120, 120])
})
