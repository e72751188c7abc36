import { expect, it } from 'vitest'
import { poolSettings } from '../cpral/pool-rules'
import { defaultConfig } from '../cpral/presets'
import type { CpralConfig, TrainingConfig } from '../domain/config'
import { settingDifferences } from '../state/comparison'
import { SETTING_NAMES, settingText } from './setting-words'

const FACTS = { format: 'camvid', source: 'folder', trainImages: 367, imageSize: { height: 360, width: 480 } } as const

/** Every rule that the paper has not, with a value that is not the paper's. */
const RULES: Required<TrainingConfig> = {
  ...defaultConfig(FACTS, 'light').training,
  steps: 600,
  warmSteps: 200,
  warmLearningRate: 0.005,
  rateRise: 0.1,
  schedule: 'poly',
  nesterov: true,
  clipNorm: 5,
  averaging: 0.99,
  scaleLeast: 0.75,
  scaleMost: 1.25,
  cropShare: 0.5,
  dropoutFactor: 0.2,
  drawFrom: 'labels',
  classWeightPower: 0.5,
  classWeightCap: 5,
}

function differ(one: CpralConfig, other: CpralConfig): Record<string, string[]> {
  const rows = settingDifferences([one, other]).map(({ path, values }) => {
    return [SETTING_NAMES[path], values.map((value) => settingText(path, value))] as const
  })
  expect(rows.map(([name]) => name)).not.toContain(undefined)
  return Object.fromEntries(rows)
}

it('says in words in what the training of two runs differs', () => {
  const paper = defaultConfig(FACTS, 'light')
  expect(differ(paper, { ...paper, recipe: 'studio', training: RULES })).toEqual({
    Recipe: ["the paper's", 'studio'],
    'Steps a round': ['by epochs', '600'],
    'Steps of later rounds': ['as many as of the first', '200'],
    'Learning rate of later rounds': ["the first round's", '0.005'],
    'Learning rate falls': ['once, to a tenth', 'step by step, to zero'],
    'Steps in which the learning rate rises': ['0\u00a0%', '10\u00a0%'],
    "Nesterov's momentum": ['no', 'yes'],
    'Largest gradient norm': ['any', '5'],
    'Share that averaged weights keep': ['none are averaged', '99\u00a0%'],
    'Least scale': ['1\u00a0times', '0.75\u00a0times'],
    'Largest scale': ['1\u00a0times', '1.25\u00a0times'],
    'Share of an image that a step sees, a side': ['100\u00a0%', '50\u00a0%'],
    'Factor on dropout in training': ['1', '0.2'],
    'Images are drawn by': ['all images alike', 'their labelled pixels'],
    'Power of class weights': ['0', '0.5'],
    'Largest class weight': ['all weigh alike', '5'],
  })
})

it('says in words in what they choose otherwise', () => {
  const config = defaultConfig(FACTS, 'light', { recipe: 'studio', selection: { method: 'balanced-entropy' } })
  const other = defaultConfig(FACTS, 'light', {
    recipe: 'studio',
    selection: { method: 'stratified-entropy', regionsPerImage: 2, classQuota: 0.5, balance: 3, ratingPrior: 1 },
    extension: { spreads: true },
  })
  expect(differ(config, other)).toEqual({
    Method: ['Regions of all images, classes balanced', 'Entropy, class by class'],
    'Regions an image at most': ['4', '2'],
    'Share divided among classes': ['–', '50\u00a0%'],
    'Balance of classes': ['6', '3'],
    'Weight of the rating': ['0.25\u00a0standard deviations', '1\u00a0standard deviations'],
    'Temperature of the choice': ['1', '–'],
    'Labels spread': ['as the method has it', 'yes'],
  })
})

it('a setting that one of two equal runs does not say is no difference', () => {
  const config = defaultConfig(FACTS, 'light', { selection: { method: 'balanced-entropy' } })
  const { classQuota: _, ...settings } = poolSettings(config.selection)
  const said = { ...config, selection: { ...config.selection, ...settings } }
  expect(settingDifferences([config, said])).toEqual([])
})
