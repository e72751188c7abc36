import { describe, expect, it } from 'vitest'
import type { MethodName, RecipeName } from '../domain/config'
import { defaultMethod, METHODS } from './methods'
import { type ConfigOverrides, defaultConfig } from './presets'

const camvid = { format: 'camvid', source: 'folder', trainImages: 367, imageSize: { height: 360, width: 480 } } as const
const demo = { format: 'cityscapes', source: 'demo', trainImages: 60, imageSize: { height: 128, width: 256 } } as const

describe('defaultConfig', () => {
  it("gives the paper's protocol at the datasets' own sizes", () => {
    const cityscapes = { ...camvid, format: 'cityscapes', trainImages: 2975 } as const
    const bdd100k = { ...camvid, format: 'bdd100k', trainImages: 7000 } as const
    const table = [cityscapes, bdd100k, camvid].map((dataset) => {
      const { size, selection } = defaultConfig(dataset, 'paper')
      const { initialImages, panopticSize, budgetImages, rounds, regionSide } = selection
      return [size.height, size.width, initialImages, panopticSize, budgetImages, rounds, regionSide]
    })
    expect(table).toEqual([
      [512, 1024, 200, 400, 200, 5, 128],
      [720, 1280, 400, 800, 400, 6, 128],
      [360, 480, 25, 50, 25, 5, 64],
    ])
  })

  it('ends at the final shares of the paper', () => {
    const finalShare = (dataset: Parameters<typeof defaultConfig>[0]) => {
      const { initialImages, budgetImages, rounds } = defaultConfig(dataset, 'paper').selection
      return (initialImages + (rounds - 1) * budgetImages) / dataset.trainImages
    }
    expect(finalShare({ ...camvid, format: 'cityscapes', trainImages: 2975 })).toBeCloseTo(0.336, 3)
    expect(finalShare({ ...camvid, format: 'bdd100k', trainImages: 7000 })).toBeCloseTo(0.343, 3)
    expect(finalShare(camvid)).toBeCloseTo(0.341, 3)
    expect(finalShare(demo)).toBeCloseTo(0.4, 6)
  })

  it('scales the region side with the input size', () => {
    const side = (height: number, width: number) =>
      defaultConfig(camvid, 'light', { size: { height, width } }).selection.regionSide
    expect([side(360, 480), side(180, 240), side(90, 120)]).toEqual([64, 32, 16])
  })

  it('limits generic images to a long side of 512 and keeps small ones', () => {
    const generic = { ...camvid, format: 'generic' } as const
    const sizeOf = (height: number, width: number) =>
      defaultConfig({ ...generic, imageSize: { height, width } }, 'light').size
    expect(sizeOf(3000, 4000)).toEqual({ height: 384, width: 512 })
    expect(sizeOf(101, 333)).toEqual({ height: 101, width: 333 })
    expect(defaultConfig({ ...generic, imageSize: { height: 3000, width: 4000 } }, 'light').selection.regionSide).toBe(
      96,
    )
  })

  it('never asks for more images than there are', () => {
    const { selection } = defaultConfig({ ...demo, trainImages: 3 }, 'tiny')
    expect(selection).toMatchObject({ initialImages: 1, panopticSize: 2, budgetImages: 1 })
  })

  it('passes on at least twice the budget, so that regions can spend it', () => {
    const { selection } = defaultConfig({ ...demo, trainImages: 16 }, 'tiny')
    expect(selection).toMatchObject({ initialImages: 2, panopticSize: 4, budgetImages: 2 })
  })

  it('with our recipe passes on four times the budget, as far as images are unlabelled', () => {
    const studio = (dataset: Parameters<typeof defaultConfig>[0], selection: ConfigOverrides['selection'] = {}) =>
      defaultConfig(dataset, 'tiny', { recipe: 'studio', selection }).selection.panopticSize
    expect([studio(camvid), studio({ ...demo, trainImages: 16 }), studio({ ...demo, trainImages: 3 })]).toEqual([
      100, 8, 2,
    ])
    // It follows what replaces the budget and the initial images; the paper's does not.
    const more = { initialImages: 40, budgetImages: 10.5 }
    expect([studio(demo, { budgetImages: 10.5 }), studio(demo, more)]).toEqual([42, 20])
    expect(studio(demo, { ...more, panopticSize: 7 })).toBe(7)
    expect(defaultConfig(demo, 'tiny', { selection: more }).selection.panopticSize).toBe(12)
  })

  it('asks by CPRAL with the recipe of the paper, and by what our measurements chose with ours', () => {
    const methods = (['person', 'oracle'] as const).map((annotator) => {
      const methodOf = (overrides: ConfigOverrides) => defaultConfig(demo, 'tiny', overrides).selection.method
      return [methodOf({ annotator }), methodOf({ annotator, recipe: 'studio' })]
    })
    expect(methods).toEqual([
      ['cpral', defaultMethod('person', 'studio')],
      ['cpral', defaultMethod('oracle', 'studio')],
    ])
    expect(METHODS[defaultMethod('person', 'studio')].usesRegions).toBe(true)
    const chosen = defaultConfig(demo, 'tiny', { recipe: 'studio', selection: { method: 'cpral' } })
    expect(chosen.selection.method).toBe('cpral')
  })

  it("asks the paper's twenty passes of the committee, and five for our methods by our recipe", () => {
    const passes = (recipe: RecipeName, method: MethodName) =>
      defaultConfig(demo, 'tiny', { recipe, selection: { method } }).monteCarlo.passes
    expect([passes('paper', 'cpral'), passes('studio', 'cpral'), passes('paper', 'balanced-entropy')]).toEqual([
      20, 20, 20,
    ])
    expect(passes('studio', 'balanced-entropy')).toBe(5)
  })

  it('draws regions by their scores with our recipe, where the method ranks the whole pool at once', () => {
    const temperature = (recipe: RecipeName, selection: NonNullable<ConfigOverrides['selection']>) =>
      defaultConfig(demo, 'tiny', { recipe, selection }).selection.temperature
    const methods = ['balanced-entropy', 'balanced-margin', 'stratified-entropy', 'cpral'] as const
    expect(methods.map((method) => temperature('studio', { method }))).toEqual([1, 1, undefined, undefined])
    expect(temperature('paper', { method: 'balanced-entropy' })).toBeUndefined()
    expect(temperature('studio', { method: 'balanced-entropy', temperature: 0 })).toBe(0)
  })

  it('halves the batch on a DRN, unless told otherwise', () => {
    const batchSize = (overrides: ConfigOverrides) => defaultConfig(camvid, 'paper', overrides).training.batchSize
    expect(batchSize({})).toBe(4)
    expect(batchSize({ network: { encoder: 'drn-d-22' } })).toBe(2)
    expect(batchSize({ network: { encoder: 'drn-d-54' }, training: { batchSize: 6 } })).toBe(6)
  })

  it('applies overrides field by field', () => {
    const config = defaultConfig(demo, 'tiny', {
      seed: 7,
      training: { epochs: 3 },
      selection: { method: 'random', initialImages: 5 },
    })
    expect(config.seed).toBe(7)
    expect(config.training).toMatchObject({ epochs: 3, batchSize: 4, momentum: 0.9 })
    expect(config.selection).toMatchObject({ method: 'random', initialImages: 5, panopticSize: 12, budgetImages: 6 })
  })

  it('the literal extension takes 3x3 patches and no gate; its fields can still be set', () => {
    const { extension } = defaultConfig(camvid, 'light', { extension: { mode: 'paper', longSide: 96 } })
    expect(extension).toMatchObject({ mode: 'paper', patch: 3, stride: 1, threshold: 0, classShare: 0, longSide: 96 })
    expect(defaultConfig(camvid, 'light').extension).toMatchObject({ mode: 'context', patch: 8, threshold: 0.95 })
  })

  it('trains the tiny preset on a net for learning from scratch by recipe studio, unless weights ask for another', () => {
    const studio = (overrides: ConfigOverrides = {}) => defaultConfig(demo, 'tiny', { recipe: 'studio', ...overrides })
    expect(studio().network).toEqual({
      encoder: 'resnet9',
      width: 1,
      channels: 64,
      separable: true,
      firstExpansion: false,
    })
    const mobile = defaultConfig(demo, 'tiny')
    expect(studio({ network: { encoder: 'mobilenetv2' } }).network).toEqual(mobile.network)
    expect(mobile.network).toMatchObject({ encoder: 'mobilenetv2', width: 0.35, channels: 32 })
    expect(defaultConfig(camvid, 'light', { recipe: 'studio' }).network).toEqual(defaultConfig(camvid, 'light').network)
    expect(studio().training).toMatchObject({
      learningRate: 0.1,
      warmStart: true,
      batchSize: 4,
      cropShare: 0.5,
      steps: 600,
    })
  })

  it('does not share state between configs', () => {
    const first = defaultConfig(camvid, 'light')
    first.training.epochs = 1
    first.size.height = 1
    expect(defaultConfig(camvid, 'light')).toMatchObject({ training: { epochs: 50 }, size: { height: 360 } })
  })
})
