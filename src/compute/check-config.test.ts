import { describe, expect, it } from 'vitest'
import { type ConfigOverrides, defaultConfig, factsOf } from '../cpral/presets'
import type { TrainingConfig } from '../domain/config'
import { AppError } from '../domain/errors'
import type { ProjectRecord } from '../domain/project'
import { checkChoices, checkConfig } from './check-config'
import type { TruthSurvey } from './survey-truth'

const size = { height: 64, width: 96 }

function projectOf(names: string[], train: number, val = 2): ProjectRecord {
  return {
    id: 'p',
    name: 'streets',
    createdAt: 0,
    source: 'folder',
    format: 'generic',
    classes: names.map((name) => ({ name, color: [0, 0, 0] })),
    counts: { train, val },
    hasGroundTruth: true,
  }
}

/** The sentence and remedy of the refusal; null when the run may start. */
function refusal(project: ProjectRecord, truth: Partial<TruthSurvey> | null, overrides: ConfigOverrides = {}) {
  const config = defaultConfig(factsOf(project, size), 'tiny', overrides)
  try {
    const survey = { voidImages: [], lostAtInputSize: 0, classes: new Set([0, 1]), ...truth }
    checkConfig(config, project, truth && survey)
    return null
  } catch (error) {
    if (error instanceof AppError) return [error.message, error.remedy]
    throw error
  }
}

const TWO = ['road', 'sky']

describe('what a newer version, or a hand, has put into a config is refused in words', () => {
  const project = projectOf(TWO, 4)

  it('a recipe and a method, with those that there are', () => {
    const config = { ...defaultConfig(factsOf(project, size), 'tiny'), recipe: 'haste' as 'studio' }
    expect(() => checkConfig(config, project, null)).toThrow('There is no recipe "haste".')
    expect(() => checkChoices(config)).toThrow('by the recipe "haste", which this version of the studio does not know')
    const selection = { ...config.selection, method: 'best-of-all' as 'cpral' }
    expect(() => checkChoices({ ...config, selection })).toThrow('by the method "best-of-all"')
  })

  it('a rule of training that is gone, unless it changed nothing', () => {
    const config = defaultConfig(factsOf(project, size), 'tiny')
    const withRules = (rules: object) => ({ ...config, training: { ...config.training, ...rules } })
    expect(() => checkChoices(withRules({ jitter: 0, mosaic: true }))).toThrow(
      'by the setting training.mosaic, which this version of the studio no longer has',
    )
    expect(checkChoices(withRules({ jitter: 0, mosaic: false, lossMean: 'batch' }))).toBeUndefined()
  })

  it('a rule of training out of its range', () => {
    const rule = (training: Partial<TrainingConfig>) => refusal(project, null, { recipe: 'studio', training })
    expect(rule({})).toBeNull()
    expect(rule({ averaging: null, clipNorm: null })).toBeNull()
    expect(rule({ averaging: 1 })).toEqual([
      'The setting training.averaging is 1.',
      'Choose a number from 0 to below 1, or null.',
    ])
    expect(rule({ cropShare: 95 })?.[0]).toBe('The setting training.cropShare is 95.')
    expect(rule({ scaleLeast: 1.5 })?.[1]).toBe('Choose at most training.scaleMost, which is 1.25.')
  })
})

describe('a project that cannot be trained is refused in words', () => {
  it('with no class or one, whoever labels', () => {
    for (const annotator of ['oracle', 'person'] as const) {
      expect(refusal(projectOf([], 4), null, { annotator })?.[0]).toBe('The project "streets" has no classes to learn.')
      expect(refusal(projectOf(['road'], 4), null, { annotator })?.[0]).toMatch(
        /has one class, "road".*mIoU would be 1/,
      )
      expect(refusal(projectOf(TWO, 4), null, { annotator })).toBeNull()
    }
  })

  it('with training masks that are void all over', () => {
    const [sentence, remedy] = refusal(projectOf(TWO, 2), { voidImages: ['a', 'b'], classes: new Set() }) ?? []
    expect(sentence).toMatch(
      /^No pixel of the training masks of the project "streets" has a class.*All of them are void/,
    )
    expect(remedy).toMatch(/list of classes/)
  })

  it('with masks that lose their last pixels to the input size', () => {
    const truth = { voidImages: ['a', 'b'], lostAtInputSize: 1, classes: new Set<number>() }
    const [sentence, remedy] = refusal(projectOf(TWO, 2), truth) ?? []
    expect(sentence).toMatch(/at the input size 64x96\. Of its 2 train images 1 have some at their own size/)
    expect(remedy).toBe('Choose a larger input size.')
  })

  it('with masks in which one class occurs, by its name', () => {
    expect(refusal(projectOf(TWO, 4), { classes: new Set([1]) })?.[0]).toMatch(/are "sky"\. .*mIoU would be 1/)
    expect(refusal(projectOf(TWO, 4), { classes: new Set([0, 1]) })).toBeNull()
  })

  it('with one train image, unless there is one round', () => {
    const [sentence, remedy] = refusal(projectOf(TWO, 1), {}) ?? []
    expect(sentence).toMatch(/^The project has 1 train image, which is the initial pool/)
    expect(remedy).toMatch(/^Choose one round/)
    expect(refusal(projectOf(TWO, 1), {}, { selection: { rounds: 1 } })).toBeNull()
    const [ofThree] = refusal(projectOf(TWO, 3), { voidImages: ['a', 'b'] }) ?? []
    expect(ofThree).toMatch(/^The project has 1 train image whose masks have a class/)
  })
})

it('counts only images that can be labelled', () => {
  const overrides = { selection: { initialImages: 3 } }
  expect(refusal(projectOf(TWO, 8), {}, overrides)).toBeNull()
  const truth = { voidImages: ['a', 'b', 'c', 'd', 'e', 'f'] }
  expect(refusal(projectOf(TWO, 8), truth, overrides)?.[0]).toMatch(/does not fit the project's 2 train images whose/)
})

it('lets a run start that has nothing to measure mIoU on: a warning says so', () => {
  expect(refusal(projectOf(TWO, 4, 0), {})).toBeNull()
})

describe('label noise', () => {
  const refused = (noise: object, overrides: ConfigOverrides = {}) =>
    refusal(
      projectOf(TWO, 10),
      {},
      {
        ...overrides,
        noise: { kind: 'mixed', share: 0.4, unit: 'pixel', ...noise },
      },
    )?.[0]

  it('is taken from none to all wrong', () => {
    expect([refused({}), refused({ share: 0 }), refused({ kind: 'random', share: 1, unit: 'segment' })]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('is refused in words', () => {
    for (const share of [-0.1, 1.1, 20, Number.NaN]) {
      expect(refused({ share })).toBe(`The share of wrong labels is ${share}.`)
    }
    expect(refused({ kind: 'flipped' })).toBe('There is no kind of label noise "flipped".')
    expect(refused({ unit: 'image' })).toBe('Label noise has no unit "image".')
    expect(refused({ kind: 'missing', share: 1 })).toMatch(/^All labels would be missing/)
    expect(refused({}, { annotator: 'person' })).toMatch(/a person labels\.$/)
  })
})

describe("VAAL's settings", () => {
  const refusalWith = (
    adversary: NonNullable<ConfigOverrides['adversary']>,
    method: 'vaal' | 'ta-vaal-r' | 'random' = 'vaal',
  ) => refusal(projectOf(TWO, 8), {}, { selection: { method }, adversary })

  it('are refused one by one where the networks could not be built or trained', () => {
    expect(refusalWith({})).toBeNull()
    expect(refusalWith({ imageSide: 40 }, 'ta-vaal-r')).toEqual([
      'The autoencoder cannot halve a side of 40 pixels four times.',
      'Choose 64, or another multiple of 16.',
    ])
    const wrong: NonNullable<ConfigOverrides['adversary']>[] = [
      { latent: 0 },
      { width: 2 },
      { beta: -1 },
      { learningRate: 5 },
      { clipNorm: 0 },
      { autoencoderSteps: 0.5 },
      { steps: 0 },
    ]
    for (const adversary of wrong) {
      const [value] = Object.values(adversary)
      expect(refusalWith(adversary)?.[0]).toContain(String(value))
    }
  })

  it('do not matter to other methods', () => {
    expect(refusalWith({ imageSide: 40 }, 'random')).toBeNull()
  })
})

describe('settings of methods that look at the whole pool', () => {
  const project = projectOf(TWO, 20)

  it.each([
    ['balanced-entropy', { balance: -1 }, 'balance of classes is -1'],
    ['balanced-margin', { regionsPerImage: 0 }, 'cannot take 0 regions of an image'],
    ['balanced-entropy', { ratingPrior: Number.NaN }, 'rating cannot weigh NaN'],
    ['stratified-entropy', { classQuota: 1.5 }, 'divided among the classes is 1.5'],
  ] as const)('%s is refused with %o', (method, selection, sentence) => {
    expect(refusal(project, {}, { selection: { method, ...selection } })?.[0]).toContain(sentence)
  })

  it('may be absent, and are nothing to a method that does not look at them', () => {
    expect(refusal(project, {}, { selection: { method: 'balanced-entropy' } })).toBeNull()
    for (const [method, selection] of [
      ['stratified-entropy', { balance: -1, ratingPrior: -1 }],
      ['balanced-margin', { classQuota: 2, ratingPrior: -1 }],
      ['region-only', { regionsPerImage: 0, balance: -1 }],
    ] as const) {
      expect(refusal(project, {}, { selection: { method, ...selection } })).toBeNull()
    }
  })
})
