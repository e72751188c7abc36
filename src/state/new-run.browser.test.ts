import { expect, test } from 'vitest'
import { defaultMethod, spreadsLabels } from '../cpral/methods'
import { defaultConfig, factsOf } from '../cpral/presets'
import { DEMO_RULES, FROM_SCRATCH_RULES, RECIPE_RULES } from '../cpral/recipes'
import type { EngineName } from '../domain/engine'
import type { ImageSummary, ProjectRecord } from '../domain/project'
import type { FirstRound, RunRecord } from '../domain/run'
import type { ComputeApi, DataApi, NewRun as NewRunRequest } from '../rpc/contract'
import type { Engine } from './engine.svelte'
import { NewRun } from './new-run.svelte'

/** Of the demo project, whose preset is `tiny`. */
const OUR_RULES = { ...RECIPE_RULES.studio, ...FROM_SCRATCH_RULES.studio.training, ...DEMO_RULES.studio }
const SIZE = { height: 64, width: 128 }
const PROJECT = {
  id: 'p',
  source: 'demo',
  format: 'generic',
  counts: { train: 20, val: 4 },
  classes: [{ name: 'road', color: [0, 0, 0] }],
  hasGroundTruth: true,
} as ProjectRecord
const ENGINE = { report: null }
const FIRST_ROUND: FirstRound = { losses: [1], steps: 5, seconds: 2, checkpoint: new ArrayBuffer(8) }

/** The form that duplicates a run which differs from the defaults in many ways. */
async function duplicate(original: Partial<RunRecord> = {}, firstRound: FirstRound | null = FIRST_ROUND) {
  const overrides = {
    seed: 9,
    size: SIZE,
    training: { epochs: 3, learningRate: 0.02 },
    selection: { rounds: 2, regionSide: 10 },
    network: { channels: 16 },
    extension: { threshold: 0.9 },
  }
  const config = defaultConfig(factsOf(PROJECT, SIZE), 'tiny', overrides)
  const created: NewRunRequest[] = []
  const compute: Partial<ComputeApi> = {
    createRun: async (request) => {
      created.push(request)
      return { id: 'new' } as RunRecord
    },
  }
  const data: Partial<DataApi> = { firstRound: async () => firstRound, listWeights: async () => [] }
  const run = { id: 'r', classCount: 1, config, ...original } as RunRecord
  const images = [{ size: SIZE } as ImageSummary]
  const form = new NewRun(data as DataApi, compute as ComputeApi, ENGINE, PROJECT, images, run)
  await form.loadFirstRound()
  return { form, created, config }
}

test('a duplicate begins with all settings of the original, and says what is changed', async () => {
  const { form, config } = await duplicate()
  expect(form.config).toEqual(config)
  expect(form.differences).toEqual([])
  form.setMethod('random')
  form.change({ training: { epochs: 4 } })
  expect(form.differences).toEqual([
    { path: 'training.epochs', values: [3, 4] },
    { path: 'selection.method', values: ['cpral', 'random'] },
  ])
  form.reset()
  expect(form.config).toEqual(config)
})

test('it begins with the first round of the original as long as that is the same', async () => {
  const { form, created } = await duplicate()
  const shares = async () => {
    await form.compareFirstRounds()
    return form.sharesFirstRound
  }
  expect(form.sharesFirstRound).toBe(true)
  form.setMethod('random-regions')
  form.change({ selection: { rounds: 3 } })
  expect(await shares()).toBe(true)
  await form.create()
  form.change({ seed: 10 })
  expect(await shares()).toBe(false)
  form.name = ' Another seed '
  await form.create()
  expect(created.map(({ name, firstRound, config }) => [name, firstRound, config.seed])).toEqual([
    [undefined, FIRST_ROUND, 9],
    ['Another seed', undefined, 10],
  ])
})

test('a change made just before the start is no excuse to begin with another first round', async () => {
  const { form, created } = await duplicate()
  form.change({ training: { epochs: 4 } })
  await form.create()
  expect(created[0]?.firstRound).toBeUndefined()
})

test.each([
  ['the original has none', {}, null],
  ['the project has got another class since', { classCount: 2 }, FIRST_ROUND],
])('it trains its own first round when %s', async (_, original, firstRound) => {
  const { form, created } = await duplicate(original, firstRound)
  await form.create()
  expect([form.sharesFirstRound, created[0]?.firstRound]).toEqual([false, undefined])
})

test('a duplicate leaves out a rule that is gone, and does not begin with a first round that was trained by it', async () => {
  const { config } = await duplicate()
  const training = { ...config.training, mosaic: true }
  const { form, created } = await duplicate({ config: { ...config, training } })
  await form.create()
  expect(created.map(({ config: kept, firstRound }) => [kept.training, firstRound])).toEqual([
    [config.training, undefined],
  ])
})

test('another preset brings its own network and training; the first one brings those of the original back', async () => {
  const { form, config } = await duplicate()
  form.usePreset('light')
  expect([form.config.preset, form.config.network.channels, form.config.selection.regionSide]).toEqual([
    'light',
    64,
    10,
  ])
  form.usePreset('tiny')
  expect(form.config).toEqual(config)
})

/** The form of a run that duplicates none. */
function newForm(project: Partial<ProjectRecord> = {}, engine: Pick<Engine, 'report'> = ENGINE, size = SIZE) {
  const images = [{ size } as ImageSummary]
  return new NewRun({} as DataApi, {} as ComputeApi, engine, { ...PROJECT, ...project }, images)
}

test('a new run is trained by our recipe, and asks by the method that is recommended', () => {
  for (const hasGroundTruth of [true, false]) {
    const form = newForm({ hasGroundTruth })
    expect(form.config).toMatchObject({ recipe: 'studio', annotator: hasGroundTruth ? 'oracle' : 'person' })
    expect(form.config.training).toMatchObject(OUR_RULES)
    expect([form.config.selection.method, form.recommended]).toEqual(Array(2).fill(defaultMethod('person', 'studio')))
    for (const preset of ['light', 'paper', 'tiny'] as const) {
      form.usePreset(preset)
      expect(form.config).toMatchObject({ recipe: 'studio', preset })
    }
  }
})

test('on a processor the network sees photos smaller by our recipe, unless the person says otherwise', () => {
  const photos = { source: 'folder', format: 'generic' } as const
  const onEngine = (engine: EngineName) => ({ report: { engine, device: '', reason: '', isSoftware: false } })
  const size = { height: 720, width: 960 }
  const form = newForm(photos, onEngine('wasm'), size)
  expect([form.config.size, form.keepsSmall]).toEqual([{ height: 192, width: 256 }, true])
  form.change({ size: { height: 384, width: 512 } })
  expect([form.config.size, form.keepsSmall]).toEqual([{ height: 384, width: 512 }, false])
  const others = [
    newForm(photos, onEngine('webgpu'), size),
    newForm(photos, ENGINE, size),
    newForm({}, onEngine('wasm'), size),
  ]
  expect(others.map(({ config, keepsSmall }) => [config.size, keepsSmall])).toEqual([
    [{ height: 384, width: 512 }, false],
    [{ height: 384, width: 512 }, false],
    [{ height: 128, width: 256 }, false],
  ])
  const ofPaper = newForm(photos, onEngine('wasm'), size)
  ofPaper.useRecipe('paper')
  expect([ofPaper.config.size, ofPaper.keepsSmall]).toEqual([{ height: 384, width: 512 }, false])
})

test("with the paper's recipe the form has the settings of the paper", () => {
  const form = newForm()
  form.change({ training: { learningRate: 0.5, epochs: 7 }, selection: { rounds: 2 } })
  form.useRecipe('paper')
  const overrides = { training: { epochs: 7 }, selection: { rounds: 2 } }
  expect(form.config).toEqual(defaultConfig(factsOf(PROJECT, SIZE), 'tiny', overrides))
  expect([form.config.selection.method, form.recommended]).toEqual(['cpral', 'cpral'])
  form.setMethod('random')
  form.useRecipe('studio')
  expect(form.config).toMatchObject({ recipe: 'studio', selection: { method: 'random', rounds: 2 } })
  expect(form.config.training).toMatchObject({ ...OUR_RULES, epochs: 7 })
})

test('a duplicate keeps the recipe of the original, with the rules that it was made with and no others', async () => {
  const { config: old } = await duplicate()
  const { averaging: _, ...training } = defaultConfig(factsOf(PROJECT, SIZE), 'tiny', { recipe: 'studio' }).training
  const config = { ...old, recipe: 'studio' as const, training }
  const { form } = await duplicate({ config })
  const { form: ofPaper } = await duplicate()
  expect([form.recipe, ofPaper.recipe]).toEqual(['studio', 'paper'])
  expect(form.config).toEqual(config)
  form.useRecipe('paper')
  expect(form.config.training.schedule).toBeUndefined()
  expect(form.differences.map(({ path }) => path)).toContain('training.clipNorm')
  form.useRecipe('studio')
  expect(form.config).toEqual(config)
  form.usePreset('light')
  form.useRecipe('paper')
  form.usePreset('tiny')
  expect(form.config.training.schedule).toBeUndefined()
  form.useRecipe('studio')
  expect(form.config).toEqual(config)
})

test('a duplicate of a run that this version does not know gets a recipe and a method that it knows', async () => {
  const { config } = await duplicate()
  const selection = { ...config.selection, method: 'best-of-all' as 'cpral' }
  const { form } = await duplicate({ config: { ...config, recipe: 'haste' as 'studio', selection } })
  expect([form.recipe, form.config.selection.method]).toEqual(['studio', defaultMethod('oracle', 'studio')])
  expect(form.differences.map(({ path }) => path)).toEqual(expect.arrayContaining(['recipe', 'selection.method']))
})

test('labels spread as chosen until another method is; what a method has by its name is not said again', () => {
  const form = newForm()
  const spreads = () => [spreadsLabels(form.config), form.config.extension.spreads]
  form.setMethod('cpral')
  expect(spreads()).toEqual([true, undefined])
  form.setExtension('none')
  expect(spreads()).toEqual([false, false])
  form.setExtension('paper')
  expect(spreads()).toEqual([true, undefined])
  expect(form.config.extension).toMatchObject({ mode: 'paper', patch: 3 })
  form.setMethod('balanced-margin')
  form.setExtension('context')
  expect(spreads()).toEqual([true, true])
  form.setMethod('cpral-without-extension')
  expect(spreads()).toEqual([false, undefined])
})

test('another mode of label extension does not keep the numbers of the mode before', async () => {
  const { form } = await duplicate()
  form.change({ extension: { mode: 'paper' } })
  expect(form.config.extension).toMatchObject({ mode: 'paper', patch: 3, threshold: 0 })
})

test('a run on all labels is not named after a method that never chose', async () => {
  const { form, created } = await duplicate()
  form.change({ selection: { initialImages: 20, rounds: 1 } })
  expect(form.usualName).toBe('All labels')
  await form.create()
  form.change({ selection: { initialImages: 4 } })
  expect(form.usualName).toBe('CPRAL')
  await form.create()
  expect(created.map(({ name }) => name)).toEqual(['All labels', undefined])
})

test("changes of VAAL's settings add up", async () => {
  const { form } = await duplicate()
  form.change({ adversary: { steps: 7 } })
  form.change({ adversary: { imageSide: 32 } })
  expect(form.config.adversary).toMatchObject({ steps: 7, imageSide: 32, latent: 32 })
})
